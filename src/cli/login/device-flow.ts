import { z } from "zod";

import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { isGitHub } from "./github-url.ts";
import { failureOf, type LoginError } from "./login-errors.ts";

/** Where a person logs in, in the words of RFC 8628. */
export interface Authority {
  readonly client_id: string;
  readonly device_authorization_endpoint: string;
  readonly token_endpoint: string;
}

/** A code that waits to be entered in a browser. */
export interface Device {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly deviceCode: string;
  readonly intervalMs: number;
  /** Epoch milliseconds. */
  readonly end: number;
}

const FAILED = z.object({ error: z.string(), interval: z.number().nonnegative().optional() });
const BEGUN = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  expires_in: z.number().positive(),
  // RFC 8628, section 3.2: 5 where it is not given.
  interval: z.number().nonnegative().default(5),
});
const GIVEN = z.object({ access_token: z.string() });

const TIMEOUT_MS = 10_000;
/** RFC 8628, section 3.5: what "slow_down" adds. */
const SLOWER_MS = 5000;

/**
 * Asks GitHub for a code (RFC 8628, section 3.1).
 *
 * @param github where that is, if somebody said so
 */
export async function beginDeviceFlow(io: Io, authority: Authority, github?: string): Promise<Device> {
  checkAuthority(authority, github);
  const { client_id, device_authorization_endpoint: url } = authority;
  const reply = await post(io, url, { client_id });
  if (reply === undefined) throw new Failure(`cannot reach GitHub at ${url}; check the network and try again`);
  const begun = BEGUN.safeParse(reply);
  if (!begun.success) throw failureOf(FAILED.safeParse(reply).data?.error);
  const { device_code, user_code, verification_uri, expires_in, interval } = begun.data;
  if (originOf(verification_uri) !== originOf(url)) throw new Failure(ASTRAY);
  return {
    userCode: user_code,
    verificationUri: verification_uri,
    deviceCode: device_code,
    intervalMs: interval * 1000,
    end: io.clock() + expires_in * 1000,
  };
}

/** Waits until somebody has entered the code (RFC 8628, sections 3.4 and 3.5). @returns GitHub's token for our App */
export async function awaitToken(io: Io, authority: Authority, device: Device): Promise<string> {
  let { intervalMs } = device;
  for (;;) {
    await io.sleep(intervalMs);
    if (io.clock() >= device.end) throw failureOf("expired_token");
    const reply = await post(io, authority.token_endpoint, {
      client_id: authority.client_id,
      device_code: device.deviceCode,
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    });
    const given = GIVEN.safeParse(reply).data?.access_token;
    if (given !== undefined) return checkToken(given);
    const failed = FAILED.safeParse(reply).data;
    const error: LoginError | undefined = failed?.error;
    if (error === "slow_down") intervalMs = Math.max(intervalMs + SLOWER_MS, (failed?.interval ?? 0) * 1000);
    // No answer, or none of GitHub's: a client must become slower, and may go on.
    else if (error === undefined) intervalMs *= 2;
    else if (error !== "authorization_pending") throw failureOf(error);
  }
}

/** The index tells where GitHub is: nobody shall be sent elsewhere by one that lies, nor half to one place and half to another. */
function checkAuthority(
  { device_authorization_endpoint: one, token_endpoint: other }: Authority,
  github: string | undefined,
): void {
  if (!isGitHub(one, github) || originOf(one) !== originOf(other)) throw new Failure(ASTRAY);
}

const ASTRAY =
  "the index sends logins astray, to an address that is not GitHub's; tell its operator, and enter no code " +
  "(if it is your own GitHub Enterprise Server, name it yourself, with --github URL)";

/** Only tokens of a GitHub App are worth nothing beyond what that App may do: no other is passed on. */
function checkToken(token: string): string {
  if (token.startsWith("ghu_")) return token;
  throw new Failure("GitHub gave a token of another kind than GitHub Apps get; tell the operator of the index");
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** @returns what came, if it is JSON; `undefined`: nothing that is worth looking at */
async function post(io: Io, url: string, form: Readonly<Record<string, string>>): Promise<unknown> {
  try {
    const response = await io.fetch(url, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(form),
      redirect: "manual",
      signal: AbortSignal.timeout(io.timeoutMs ?? TIMEOUT_MS),
    });
    return await response.json();
  } catch {
    return undefined;
  }
}
