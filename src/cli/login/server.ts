import { z } from "zod";

import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { ask } from "../packgate.ts";
import type { Authority } from "./device-flow.ts";
import type { IndexUrl } from "./index-url.ts";

type Index = Pick<IndexUrl, "origin" | "host">;

const AUTHORITY = z.object({
  client_id: z.string(),
  device_authorization_endpoint: z.string(),
  token_endpoint: z.string(),
});
const REFUSED = z.object({ errors: z.tuple([z.object({ description: z.string() })]) });
const MINTED = z.object({ success: z.literal(true), token: z.string(), expires: z.int() });
const BURNT = z.object({ status: z.literal("accepted"), problem: z.string().optional() });

/** Where one logs in to this index. */
export function askAuthority(io: Io, { origin }: Index): Promise<Authority> {
  return ask(at(io, origin), { method: "GET", path: "/_/login", schema: AUTHORITY, open: true });
}

/** Exchanges GitHub's token for one of Packgate's. @returns it, and when it ends in epoch milliseconds */
export async function exchange(
  io: Io,
  { origin, host }: Index,
  token: string,
): Promise<{ readonly token: string; readonly end: number }> {
  const reply = await ask(at(io, origin), {
    method: "POST",
    path: "/_/login/mint-token",
    body: { token },
    schema: z.union([MINTED, REFUSED]),
    alsoAnswers: [422, 503],
    open: true,
  });
  if ("errors" in reply) throw new Failure(`${host} gives no token: ${reply.errors[0].description}`);
  return { token: reply.token, end: reply.expires * 1000 };
}

/** Ends a token. @throws a `Failure` also where the index could not end it, or not for good */
export async function burn(io: Io, { origin, host }: Index, token: string): Promise<void> {
  const question = { method: "POST", path: "/_/oidc/burn-token", body: { token }, open: true } as const;
  const { problem } = await ask(at(io, origin), { ...question, schema: BURNT, alsoAnswers: [202] });
  if (problem !== undefined) throw new Failure(`${host} says: ${problem}`);
}

function at(io: Io, origin: string): Io {
  return { ...io, env: { ...io.env, PACKGATE_URL: origin } };
}
