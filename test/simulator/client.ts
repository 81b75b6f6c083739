import { createSign } from "node:crypto";
import type { Organization } from "./model.ts";
import type { Simulator } from "./simulator.ts";

/** A bare client for the simulator's own tests: no Octokit, so that nothing is retried, cached or thrown. */
export type Answer = { status: number; headers: Headers; body: unknown };
export type Client = (
  route: string,
  options?: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal },
) => Promise<Answer>;

const api = "https://api.github.com";

/** Calls with this Authorization header, or with none. */
export function client(github: Simulator, authorization?: string): Client {
  return async (route, options = {}) => {
    const [method = "GET", path = "/"] = route.split(" ");
    const headers = { ...(authorization !== undefined && { authorization }), ...options.headers };
    const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const response = await github.fetch(path.startsWith("http") ? path : `${api}${path}`, {
      method,
      headers,
      ...body,
      ...signal,
    });
    const text = await response.text();
    const isJson = text !== "" && (response.headers.get("content-type") ?? "").includes("json");
    return { status: response.status, headers: response.headers, body: isJson ? parse(text) : text };
  };
}

export function appClient(github: Simulator): Client {
  return (route, options) => client(github, `Bearer ${appJwt(github)}`)(route, options);
}

export async function installationClient(
  github: Simulator,
  organization: Organization,
  scope: unknown = {},
): Promise<Client> {
  const minted = await appClient(github)(`POST /app/installations/${organization.installation?.id}/access_tokens`, {
    body: scope,
  });
  return client(github, `token ${text(minted.body, "token")}`);
}

export function appJwt(github: Simulator, claims: Record<string, unknown> = {}): string {
  const now = Math.floor(github.clock() / 1000);
  const payload = { iat: now - 30, exp: now + 300, iss: github.app.id, ...claims };
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(payload)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(github.app.privateKey, "base64url")}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** GraphQL as this client; errors are in the answer, as GitHub gives them. */
export async function query(call: Client, text: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  return (await call("POST /graphql", { body: { query: text, variables } })).body;
}

/** The value at that path in an answer; lists by index. */
export function pick(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const name of path) found = typeof found === "object" && found !== null ? Reflect.get(found, name) : undefined;
  return found;
}

export function text(value: unknown, ...path: (string | number)[]): string {
  return String(pick(value, ...path));
}

/** That member of every item of a list. */
export function pluck(list: unknown, ...path: (string | number)[]): unknown[] {
  return Array.isArray(list) ? list.map((item: unknown) => pick(item, ...path)) : [];
}

function parse(body: string): unknown {
  const value: unknown = JSON.parse(body);
  return value;
}
