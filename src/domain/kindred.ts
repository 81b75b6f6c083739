import type { BindableKind } from "./bindings.ts";
import type { View } from "./decide.ts";
import type { TeamId, UserId } from "./facts.ts";
import type { Given } from "./given.ts";
import { NOTHING_GIVEN } from "./given.ts";
import { madeOnce } from "./made-once.ts";
import { carriedLogins } from "./named.ts";
import { candidates } from "./search.ts";
import type { Steps } from "./steps.ts";
import { numberOf, withAncestors } from "./team-tree.ts";

/** Somebody among people who are alike. */
export interface Person {
  /** `undefined`: everybody, without credentials. */
  readonly user: { readonly id: UserId; readonly login: string } | undefined;
  /** The place among all: first who comes without credentials, then by login. */
  readonly place: number;
  readonly kin: Kin;
  /** What they were given on the repositories at hand. */
  given: Given;
}

/** People who are alike; nobody is in two such groups. */
export interface Kin {
  readonly people: readonly Person[];
  /** How many of them were given nothing on the repositories at hand. */
  left: number;
}

/**
 * Everybody we know, in groups of people who are alike in all that reaches them wherever they were given nothing of
 * their own: membership, roles in the whole organization, and what rules of either policy say of them.
 */
export function* kindredOf(before: View, after: View): Steps<readonly Kin[]> {
  const { access, facts } = before;
  const principals = [before, after].flatMap(({ policy }) => policy.rules.flatMap(({ who }) => who));
  const named = (kind: "user" | "team"): ReadonlySet<string> =>
    new Set(principals.flatMap((one) => ("name" in one && one.kind === kind ? [one.name.toLowerCase()] : [])));
  const bound = (kind: BindableKind): ReadonlySet<number | undefined> =>
    new Set(
      [before, after].flatMap(({ bindings }) =>
        [...bindings].flatMap(([key, id]) => (key.startsWith(`${kind}:`) ? [id] : [])),
      ),
    );
  const [slugs, boundTeams, logins, boundUsers] = [named("team"), bound("team"), named("user"), bound("user")];
  const teams = [...(facts.teams?.value ?? [])].flatMap(([id, { slug }]) =>
    boundTeams.has(id) || slugs.has(slug.toLowerCase()) ? [numberOf(access.tree, id)] : [],
  );
  const amongThese = (direct: readonly TeamId[]): readonly number[] => {
    if (teams.length === 0) return teams;
    const mine = withAncestors(access.tree, direct);
    return teams.filter((team) => mine.has(team));
  };
  // To look through the collaborators of every repository takes longer than all the rest.
  const carried = logins.size === 0 ? [] : carriedLogins(facts);
  const carriers = new Set(carried.flatMap(([id, login]) => (logins.has(login.toLowerCase()) ? [id] : [])));
  yield;

  const kindred = new Map<string, Kin & { readonly people: Person[] }>();
  let place = 0;
  const put = (traits: string, user: Person["user"]): void => {
    const kin = madeOnce(kindred, traits, () => ({ people: [], left: 0 }));
    kin.left = kin.people.push({ user, place, kin, given: NOTHING_GIVEN });
    place += 1;
  };
  put("nobody", undefined);
  for (const [id, login] of candidates(before)) {
    yield;
    const member = access.members.get(id);
    const traits = [
      member === undefined ? "outside" : "member",
      [...(member?.everywhere ?? [])].toSorted((a, b) => a - b).join(),
      amongThese(member?.direct ?? []).join(),
      boundUsers.has(id) || carriers.has(id) ? id : "",
    ];
    put(traits.join("/"), { id, login });
  }
  return [...kindred.values()];
}
