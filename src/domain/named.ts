import type { Bits } from "./bits.ts";
import { addAll } from "./bits.ts";
import type { Facts, RepositoryId, UserId } from "./facts.ts";

/** The statements that mean somebody by name. */
export interface Named {
  readonly surely: Bits;
  /** More than one carries the name, or this one may carry another: nobody can say whether it is meant. */
  readonly perhaps: Bits;
}

type ByName = ReadonlyMap<string, Bits>;

/**
 * Whom the logins in rules mean. A member goes by the list of members, which follows renames; somebody from outside by
 * the repositories, which may still have an older login.
 */
export function namedUsers({ logins }: { readonly logins: ByName }, facts: Facts): ReadonlyMap<UserId, Named> {
  if (logins.size === 0) return new Map();
  const members = facts.members?.value ?? new Map<UserId, never>();
  const carried: (readonly [UserId, string])[] = [...members].map(([id, { login }]) => [id, login]);
  for (const { value } of facts.access.values()) {
    for (const [id, { login }] of value.collaborators) if (!members.has(id)) carried.push([id, login]);
  }
  return resolve(logins, carried);
}

/** Which repositories' runs the names in rules mean. */
export function namedRepositories(
  { repositories }: { readonly repositories: ByName },
  facts: Facts,
): ReadonlyMap<RepositoryId, Named> {
  if (repositories.size === 0) return new Map();
  return resolve(
    repositories,
    [...facts.repositories].map(([id, { value }]) => [id, value.name]),
  );
}

function resolve(names: ByName, carried: readonly (readonly [number, string])[]): ReadonlyMap<number, Named> {
  const carriers = new Map<string, Set<number>>();
  const namesOf = new Map<number, Set<string>>();
  for (const [id, label] of carried) {
    const name = label.toLowerCase();
    namesOf.set(id, (namesOf.get(id) ?? new Set()).add(name));
    if (names.has(name)) carriers.set(name, (carriers.get(name) ?? new Set()).add(id));
  }
  const meant = new Map<number, Named>();
  for (const [name, bits] of names) {
    const ids = carriers.get(name) ?? new Set();
    for (const id of ids) {
      const isSure = ids.size === 1 && namesOf.get(id)?.size === 1;
      const named = meant.get(id) ?? { surely: new Uint32Array(bits.length), perhaps: new Uint32Array(bits.length) };
      addAll(isSure ? named.surely : named.perhaps, bits);
      meant.set(id, named);
    }
  }
  return meant;
}
