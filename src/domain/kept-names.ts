import type { View } from "./decide.ts";
import type { Facts } from "./facts.ts";
import type { PackageName } from "./package-name.ts";
import { covers } from "./patterns.ts";

/** Why nobody claims a name though it is the organization's own. */
type Kept = "reserved" | "not-pinned";

/** What keeps a name that nobody claims: it is reserved, or a repository declares it and the policy does not pin it. */
export function keptBy({ policy, facts }: Pick<View, "policy" | "facts">, name: PackageName): Kept | undefined {
  if (policy.names.reserved.some(({ pattern }) => covers(pattern, name))) return "reserved";
  return policy.names.claim === "pinned" && declaredIn(facts.repositories).has(name) ? "not-pinned" : undefined;
}

export function isKept(view: Pick<View, "policy" | "facts">, name: PackageName): boolean {
  return keptBy(view, name) !== undefined;
}

const found = new WeakMap<Facts["repositories"], ReadonlySet<PackageName>>();

/** What any repository declares, whether it may claim it or not; forks declare what is somebody else's. */
function declaredIn(repositories: Facts["repositories"]): ReadonlySet<PackageName> {
  const known = found.get(repositories);
  if (known !== undefined) return known;
  const names = new Set<PackageName>();
  for (const { value } of repositories.values()) {
    if (!value.fork) for (const { name } of value.declarations) names.add(name);
  }
  found.set(repositories, names);
  return names;
}
