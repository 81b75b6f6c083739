import { generateKeyPairSync } from "node:crypto";
import { pino } from "pino";
import type { Connection } from "../../../src/github/connection.ts";
import { connect } from "../../../src/github/connection.ts";
import type { Time } from "../../../src/github/time.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

export const START = 1_800_000_000_000;
const TOKEN = "/access_tokens";

/** One answer of a scripted GitHub: a reply, or what `fetch` rejects with. */
export type Answer = Response | Error | ((request: Request) => Response | Promise<Response>);

export function json(
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: object } = {},
): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

export interface Script {
  readonly connection: Connection;
  /** What was asked for, tokens left out. */
  readonly requests: Request[];
  /** How many tokens were asked for. */
  readonly tokens: () => number;
  /** How long somebody waited, each time. */
  readonly slept: number[];
  readonly time: Time;
}

/** The real Probot and Octokit on a `fetch` that follows a script: the last answer is repeated. Nobody really waits. */
export function scripted(
  answers: readonly Answer[],
  token: (request: Request) => Answer = tokenReply,
  apiUrl = "https://api.github.com",
): Script {
  const requests: Request[] = [];
  const slept: number[] = [];
  let now = START;
  let tokens = 0;
  const time: Time = {
    now: () => now,
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const isToken = new URL(request.url).pathname.endsWith(TOKEN);
    if (isToken) tokens += 1;
    else requests.push(request);
    const answer = isToken ? token(request) : (answers[requests.length - 1] ?? answers.at(-1) ?? json({}));
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer(request) : answer.clone();
  };
  const connection = connect({
    appId: 7,
    privateKey,
    webhookSecret: "a-webhook-secret-for-tests",
    apiUrl,
    fetch,
    log: pino({ level: "silent" }),
    time,
    random: () => 1,
  });
  return { connection, requests, tokens: () => tokens, slept, time };
}

export function tokenReply(): Response {
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  return json({ token: `ghs_${"x".repeat(36)}`, expires_at: expires, permissions: {} }, { status: 201 });
}
