import { isDeepStrictEqual } from "node:util";
import { compileInSteps } from "../domain/compile-in-steps.ts";
import type { View } from "../domain/decide.ts";
import { compileNames } from "../domain/name-policy.ts";
import type { Policy } from "../domain/policy.ts";
import type { Steps } from "../domain/steps.ts";
import { bindNames, boundToSomebody } from "./bind.ts";
import { allNames, ledgerOf, settle } from "./ledger.ts";

/** One organization at one moment, and as another policy would make it of the same facts. */
export interface Foreseen {
  readonly before: View;
  readonly after: View;
}

/**
 * What another policy would make of a view. Nothing is changed by looking; and what comes of it are views of that moment
 * for good, that may be held for as long as one likes.
 *
 * @param view needed for the first step only
 * @param now epoch milliseconds
 */
export function* foresee(view: View, policy: Policy, now: number): Steps<Foreseen> {
  const { facts, claims, policy: inForce, bindings: bound } = view;
  const kept = { facts, claims: new Map(claims), policy: inForce, bindings: bound };
  yield;
  const ledger = ledgerOf(facts, kept.claims, compileNames(policy));
  yield;
  settle(ledger, facts, allNames(ledger), now);
  yield;
  // Whom a name would mean that is not bound yet, or to nobody, the facts at hand must tell.
  const { bindings } = bindNames(boundToSomebody(bound), policy.rules, facts, -Infinity);
  const foreseen = { facts, claims: ledger.claims, policy, bindings };
  return {
    before: { ...view, ...kept, access: yield* compileInSteps(kept) },
    after: { ...view, ...foreseen, access: yield* compileInSteps(foreseen) },
  };
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
