import type { View } from "./domain/decide.ts";
import type { ManifestProblem } from "./domain/facts.ts";
import { fullName } from "./domain/phrases.ts";
import { strangersIn } from "./policy/strangers.ts";

/**
 * What is wrong with an organization's policy, as sentences that name the place.
 *
 * @param clients names of the index clients that there are
 */
export function policyProblems(view: View, clients: readonly string[]): string[] {
  return [...faults(view), ...pins(view), ...strangersIn(view, clients)];
}

function faults(view: View): string[] {
  const found = view.facts.policy?.value.faults ?? [];
  const effect =
    view.ready || view.claims.size > 0 ? "the last policy without faults stays in force" : "nothing is served";
  return found.map((fault) => {
    const sentence = `${view.organization.login} ${placeOf(fault)}: ${fault.message} Until it is mended, ${effect}.`;
    return fault.codeblock === undefined ? sentence : `${sentence}\n${fault.codeblock}`;
  });
}

function placeOf({ path, line, column }: ManifestProblem): string {
  return [path, line, column].filter((part) => part !== undefined).join(":");
}

/** Pins that mean no repository, or one that has another name by now. */
function pins(view: View): string[] {
  const { claims, facts, organization, policy } = view;
  return [...policy.packages].flatMap(([name, { repository, line }]) => {
    const claim = claims.get(name);
    const pin = `packgate.toml:${line}: ${name} is pinned to ${organization.login}/${repository}`;
    if (claim?.status === "unbound")
      return [`${pin}, which nobody knows, so nobody gets it: correct the pin, or create the repository.`];
    if (claim?.status === "retired")
      return [`${pin}, which is gone, so nobody gets it for now: remove the pin, or pin it to another repository.`];
    if (claim?.status !== "pinned") return [];
    const now = facts.repositories.get(claim.repository)?.value.name;
    if (now === undefined || now.toLowerCase() === repository.toLowerCase()) return [];
    return [`${pin}, which is called ${fullName(view, claim.repository)} now and keeps it: update the pin.`];
  });
}
