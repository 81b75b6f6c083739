import { belongs } from "./beyond-grants.ts";
import type { Decision, Subject, View } from "./decide.ts";
import { decide } from "./decide.ts";
import type { Circumstances } from "./judge.ts";
import type { Permission } from "./roles.ts";

/** An answer about no package in particular. */
export type Anything =
  | Pick<Extract<Decision, { outcome: "allow" }>, "outcome" | "reason">
  | Pick<Extract<Decision, { outcome: "unknown" }>, "outcome" | "reason">
  | { readonly outcome: "deny"; readonly reason: "missing-credentials" | "not-a-member" | "no-grant" };

/**
 * May somebody do this to any package at all? The same decision over all names, ended by the first "yes"; "no" only
 * if nothing that could not be decided might have been a yes.
 */
export function mayAnything(
  view: View,
  subject: Subject,
  permission: Permission,
  circumstances?: Circumstances,
): Anything {
  let doubt: Anything | undefined = view.ready ? undefined : NOT_SYNCED;
  for (const name of view.claims.keys()) {
    const { outcome, reason } = decide(view, subject, permission, name, circumstances);
    if (outcome === "allow") return { outcome, reason };
    if (outcome === "unknown") doubt ??= { outcome, reason };
  }
  const reason = refusal(view, subject);
  return doubt === undefined || reason === "missing-credentials" ? { outcome: "deny", reason } : doubt;
}

const NOT_SYNCED = { outcome: "unknown", reason: "not-synced" } as const;

/** May somebody see a list of everything? Every member may: an index that filters nothing shows them all names. */
export function mayList(view: View, subject: Subject): Anything | { outcome: "allow"; reason: "member" } {
  const reason = refusal(view, subject);
  if (reason === "missing-credentials") return { outcome: "deny", reason };
  if (!view.ready) return NOT_SYNCED;
  if (view.access.asOf < view.freshSince) return { outcome: "unknown", reason: "stale" };
  return reason === "no-grant" ? { outcome: "allow", reason: "member" } : { outcome: "deny", reason };
}

/** Why somebody who holds nothing is refused. */
function refusal(view: View, subject: Subject): "missing-credentials" | "not-a-member" | "no-grant" {
  if (subject.kind === "everyone") return "missing-credentials";
  return belongs(view, subject) ? "no-grant" : "not-a-member";
}
