import { isDeepStrictEqual } from "node:util";
import { compileAccess } from "../domain/access.ts";
import type { View } from "../domain/decide.ts";
import { compileNames } from "../domain/name-policy.ts";
import type { Policy } from "../domain/policy.ts";
import { bindNames } from "./bind.ts";
import { allNames, ledgerOf, settle } from "./ledger.ts";

/**
 * The view as another policy would make it, of the same facts. Nothing is changed by looking.
 *
 * @param now epoch milliseconds
 */
export function foresee(view: View, policy: Policy, now: number): View {
  const { facts } = view;
  const ledger = ledgerOf(facts, view.claims, compileNames(policy));
  settle(ledger, facts, allNames(ledger), now);
  // Whom a name would mean that is not bound yet, the facts at hand must tell.
  const { bindings } = bindNames(view.bindings, policy.rules, facts, -Infinity);
  const sources = { facts, claims: ledger.claims, policy, bindings };
  return { ...view, ...sources, access: compileAccess(sources) };
}

/** What of a policy nobody can foresee from the facts at hand, by the names of its keys. */
export function unforeseen({ policy: before }: View, after: Policy): string[] {
  const differs = (part: (policy: Policy) => unknown): boolean => !isDeepStrictEqual(part(before), part(after));
  const workflows = ({ rules }: Policy) =>
    rules
      .filter(({ who }) => who.some(({ kind }) => kind === "workflow" || kind === "everyone"))
      // Where a rule stands is no matter of what it says.
      .map((rule) => ({ ...rule, line: 0 }));
  // Of names that nobody claims there is no list.
  const unclaimed = ({ read, names }: Policy) =>
    read.unclaimed === "nobody" ? [] : [read.unclaimed, names.claim, names.reserved.map(({ pattern }) => pattern)];
  const parts: readonly (readonly [string, boolean])[] = [
    ["repositories.manifests", differs(({ repositories }) => repositories.manifests)],
    ["read.unclaimed", differs(unclaimed)],
    ["tokens", differs(({ tokens }) => tokens)],
    ["rules for workflows", differs(workflows)],
  ];
  return parts.flatMap(([name, isDifferent]) => (isDifferent ? [name] : []));
}
