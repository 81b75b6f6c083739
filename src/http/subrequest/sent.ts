import type { IncomingMessage } from "node:http";
import { refusedFor } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** What sub-requests are read from. */
const READ = [
  ["X-Original-URI", "X-Original-Method"],
  ["X-Forwarded-Uri", "X-Forwarded-Method"],
  ["Authorization", "X-Packgate-Key"],
  ["Content-Type", "Content-Encoding", "X-Envoy-Auth-Partial-Body"],
].flat();
const NAMES: ReadonlyMap<string, string> = new Map(READ.map((name) => [name.toLowerCase(), name]));

/** Headers by name in lower case, each there once. */
export type Sent = ReadonlyMap<string, string>;

/**
 * The headers that count, or a refusal when one of them is there twice: node:http would keep the first or join them,
 * and the index behind the proxy may see the other.
 */
export function sentIn({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): Sent | Verdict {
  const sent = new Map<string, string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    if (!NAMES.has(name)) continue;
    if (sent.has(name)) return refusedFor("duplicate-header", `the header ${NAMES.get(name)} is there more than once`);
    sent.set(name, rawHeaders[at + 1] ?? "");
  }
  return sent;
}
