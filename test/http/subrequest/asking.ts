import type { Ask, Reply } from "../helpers.ts";
import { ask, SECRET, TOKEN } from "../helpers.ts";

export const PROXIES = ["nginx", "caddy", "traefik", "haproxy", "envoy"] as const;
export type Proxy = (typeof PROXIES)[number];

/** The names of the headers in which a proxy says what it was asked for; Envoy says it in the request line. */
const OWN: Readonly<Record<Exclude<Proxy, "envoy">, readonly [uri: string, method: string]>> = {
  nginx: ["X-Original-URI", "X-Original-Method"],
  haproxy: ["X-Original-URI", "X-Original-Method"],
  caddy: ["X-Forwarded-Uri", "X-Forwarded-Method"],
  traefik: ["X-Forwarded-Uri", "X-Forwarded-Method"],
};

export const basic = (login: string, token: string): string =>
  `Basic ${Buffer.from(`${login}:${token}`).toString("base64")}`;
export const ALICES = { Authorization: basic("alice", TOKEN) };

/** What each of the proxies sends when its own client sends this request. */
export function askThrough(
  port: number,
  proxy: Proxy,
  [method, target]: readonly [method: string, target: string],
  { headers = ALICES, body }: Pick<Ask, "headers" | "body"> = {},
): Promise<Reply> {
  const key = { "X-Packgate-Key": SECRET };
  const sent = { ...key, ...headers };
  if (proxy === "envoy") {
    return ask(port, `/authorize/envoy${target}`, { method, headers: sent, ...(body !== undefined && { body }) });
  }
  const [uri, verb] = OWN[proxy];
  const asked = { headers: { [uri]: target, [verb]: method, ...sent }, ...(body !== undefined && { body }) };
  return ask(port, `/authorize/${proxy}`, asked);
}
