import { timeAt } from "./completeness.ts";
import type { View } from "./decide.ts";
import { isKept } from "./kept-names.ts";
import type { PackageName } from "./package-name.ts";
import { patternsCovering } from "./patterns.ts";
import { numberOf, UNLISTED } from "./team-tree.ts";

/**
 * Tells of a name all that decisions about it turn on in either view, beside who asks and what they were given on its
 * repository. Names of which it tells the same are decided alike; of a name that a rule names there is no other such.
 */
export function likenessOf(before: View, after: View): (name: PackageName) => string | undefined {
  const views = [before, after];
  const patterns = new Set(views.flatMap(({ policy }) => policy.rules.flatMap(({ packages }) => packages)));
  return (name) => {
    if (patterns.has(name)) return undefined;
    const covering = patternsCovering(name).filter((pattern) => patterns.has(pattern));
    return [...views.map((view) => circumstances(view, name)), ...covering].join(" ");
  };
}

function circumstances(view: View, name: PackageName): string {
  const { access, claims, facts, freshSince } = view;
  const claim = claims.get(name);
  if (claim?.repository === undefined) return `${claim?.status} ${isKept(view, name)}`;
  const row = access.repositories.get(claim.repository);
  const granted = facts.access.get(claim.repository);
  if (row === undefined || granted === undefined) return `${claim.status} unread`;
  const teams = Array.from(granted.value.teams.keys(), (team) => numberOf(access.tree, team));
  return [
    claim.status,
    row.visibility,
    row.archived,
    row.asOf < freshSince,
    teams.some((team) => timeAt(access.teamsAsOf, team) < freshSince),
    teams.some((team) => team === UNLISTED || access.unread.has(team)),
  ].join();
}
