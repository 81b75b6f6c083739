import { isDeepStrictEqual } from "node:util";
import { compileAccess } from "../domain/access.ts";
import type { View } from "../domain/decide.ts";
import type { Policy } from "../domain/policy.ts";

/** The view as another policy would make it, of the same facts. Nothing is changed by looking. */
export function foresee(view: View, policy: Policy): View {
  const sources = { facts: view.facts, claims: view.claims, policy };
  return { ...view, ...sources, access: compileAccess(sources) };
}

/** What of a policy nobody can foresee from the facts at hand, by the names of its keys. */
export function unforeseen({ policy: before }: View, after: Policy): string[] {
  const differs = <T>(part: (policy: Policy) => T): boolean => !isDeepStrictEqual(part(before), part(after));
  const workflows = ({ rules }: Policy) => rules.filter(({ who }) => who.some(({ kind }) => kind === "workflow"));
  const parts: readonly (readonly [string, boolean])[] = [
    [
      "repositories",
      differs(({ repositories: { include, exclude, pattern, manifests } }) => [include, exclude, pattern, manifests]),
    ],
    [
      "names",
      differs(({ names: { claim, reserved, retirementMs } }) => [
        claim,
        reserved.map((each) => [each.pattern, each.repositories]),
        retirementMs,
      ]),
    ],
    ["packages", differs(({ packages }) => [...packages].map(([name, { repository }]) => [name, repository]))],
    ["tokens", differs(({ tokens }) => tokens)],
    ["rules for workflows", differs((policy) => workflows(policy).map(({ line: _, ...rule }) => rule))],
  ];
  return parts.flatMap(([name, isDifferent]) => (isDifferent ? [name] : []));
}
