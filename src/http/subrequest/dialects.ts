import type { IncomingMessage } from "node:http";
import type { Sent } from "./sent.ts";
import type { Verdict } from "./verdict.ts";
import { refusedFor } from "./verdict.ts";

/** What a proxy's own client asks it for. */
export interface Original {
  readonly method: string;
  /** As it stood in the request line. */
  readonly target: string;
}

/** How one kind of proxy puts its question. */
export interface Dialect {
  readonly original: (request: IncomingMessage, sent: Sent) => Said;
  /** How much of the request's body comes along. */
  readonly body: "none" | "head" | "whole";
}

/** As much of it as was said. */
type Said = { readonly [Part in keyof Original]: string | undefined };

const said =
  (uri: string, method: string): Dialect["original"] =>
  (_, sent) => ({ method: sent.get(method), target: sent.get(uri) });
const originalHeaders = said("x-original-uri", "x-original-method");
const forwardedHeaders = said("x-forwarded-uri", "x-forwarded-method");

export const ENVOY_PREFIX = "/authorize/envoy";

/** One endpoint each: a proxy hands on whatever other proxies' headers its client makes up. */
export const DIALECTS = {
  nginx: { original: originalHeaders, body: "none" },
  caddy: { original: forwardedHeaders, body: "none" },
  traefik: { original: forwardedHeaders, body: "whole" },
  haproxy: { original: originalHeaders, body: "head" },
  envoy: {
    original: ({ method = "", url = "" }) => ({ method, target: url.slice(ENVOY_PREFIX.length) }),
    body: "head",
  },
} as const satisfies Record<string, Dialect>;

/**
 * What the proxy's client asks for, or a refusal. Only the dialect's own headers are believed; but where another
 * dialect's say something else, either somebody plays tricks, or the proxy was pointed at the wrong endpoint and its
 * client wrote our headers itself.
 */
export function originalOf({ original }: Dialect, request: IncomingMessage, sent: Sent): Original | Verdict {
  const { method, target } = original(request, sent);
  if (method === undefined || target === undefined) {
    const what = "the proxy does not say what it was asked for; compare its configuration with: packgate recipe";
    return refusedFor("incomplete-request", what);
  }
  const contradicts = [originalHeaders, forwardedHeaders].some((read) => {
    const other = read(request, sent);
    return (other.method ?? method) !== method || (other.target ?? target) !== target;
  });
  if (contradicts) return refusedFor("contradicting-header", "the headers of another kind of proxy say something else");
  return { method, target };
}
