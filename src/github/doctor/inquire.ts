import { z } from "zod";

import type { OctokitReply } from "../client.ts";
import { classify } from "../failure.ts";
import { fail, type Finding } from "./finding.ts";

/** What GitHub said, or what is wrong with asking. */
export type Inquiry<T> =
  | { readonly data: T; readonly headers: OctokitReply["headers"]; readonly trouble?: never }
  | { readonly trouble: Finding; readonly reply: OctokitReply | undefined };

export interface Inquirer {
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Asks, and turns every way to fail into a finding.
 *
 * @param what the request in words, such as `the webhook's configuration`
 */
export async function inquire<T>(
  { now }: Inquirer,
  check: string,
  what: string,
  schema: z.ZodType<T>,
  send: () => Promise<OctokitReply>,
): Promise<Inquiry<T>> {
  let reply: OctokitReply;
  try {
    reply = await send();
  } catch (error) {
    const fix = "check the network, the proxy, and GHE_HOST or GITHUB_API_URL";
    return { trouble: fail(check, `GitHub cannot be reached (${codeOf(error)})`, fix), reply: undefined };
  }
  if (reply.status !== 200) return { trouble: trouble(check, what, reply, now()), reply };
  const result = schema.safeParse(reply.data);
  if (result.success) return { data: result.data, headers: reply.headers };
  const path = result.error.issues[0]?.path.join(".") || "the top";
  const fix = "check that GHE_HOST or GITHUB_API_URL is GitHub's API";
  return { trouble: fail(check, `${what}: GitHub's answer has an unexpected form (at ${path})`, fix), reply };
}

function trouble(check: string, what: string, { status, headers, data }: OctokitReply, now: number): Finding {
  const failure = classify(what, { status, headers, message: messageOf(data) }, now);
  if (failure.kind === "limited") {
    const until = new Date(failure.retryAt ?? now).toISOString();
    return fail(check, `${what}: GitHub limits our requests until ${until}`, "wait until then");
  }
  if (status === 401) {
    return fail(check, `${what}: GitHub refuses our credentials (401)`, "make a new private key on the App's page");
  }
  if (status === 403) {
    const needed = headers["x-accepted-github-permissions"];
    const needs = needed === undefined ? "" : `, which needs ${needed}`;
    return fail(
      check,
      `${what}: GitHub forbids it (403)${needs}`,
      "accept the App's permissions on the organization's installation page",
    );
  }
  if (status === 404) {
    const fix = "check that the App is still installed, and that GHE_HOST or GITHUB_API_URL is its GitHub";
    return fail(check, `${what}: GitHub knows nothing of it (404)`, fix);
  }
  return fail(check, `${what}: GitHub answers ${status}`, "try again; see https://www.githubstatus.com");
}

export function messageOf(data: unknown): string {
  return MESSAGE.safeParse(data).data?.message ?? "";
}

const MESSAGE = z.object({ message: z.string() });

/** The system's word for a failed connection, which Octokit wraps more than once. */
function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return "no connection";
}
