import type { BindableKind } from "./bindings.ts";
import type { View } from "./decide.ts";
import type { UserId } from "./facts.ts";
import { candidates } from "./search.ts";
import { numberOf, withAncestors } from "./team-tree.ts";

/** Groups of people; everybody is in one. */
export type Kindred = readonly (readonly UserId[])[];

/**
 * Everybody we know, in groups of people who are alike in all that reaches them wherever they were given nothing of
 * their own: membership, roles in the whole organization, and what rules of either policy say of them.
 */
export function kindredOf(before: View, after: View): Kindred {
  const { access, facts } = before;
  const principals = [before, after].flatMap(({ policy }) => policy.rules.flatMap(({ who }) => who));
  const named = (kind: "user" | "team"): ReadonlySet<string> =>
    new Set(principals.flatMap((one) => ("name" in one && one.kind === kind ? [one.name.toLowerCase()] : [])));
  const slugs = named("team");
  const logins = named("user");
  const bound = (kind: BindableKind): ReadonlySet<number | undefined> =>
    new Set(
      [before, after].flatMap(({ bindings }) =>
        [...bindings].flatMap(([key, id]) => (key.startsWith(`${kind}:`) ? [id] : [])),
      ),
    );
  const [boundTeams, boundUsers] = [bound("team"), bound("user")];
  const teams = [...(facts.teams?.value ?? [])].flatMap(([id, { slug }]) =>
    boundTeams.has(id) || slugs.has(slug.toLowerCase()) ? [id] : [],
  );
  const numbers = teams.map((id) => numberOf(access.tree, id));
  const carried = carriedLogins(before);

  const groups = new Map<string, UserId[]>();
  for (const id of candidates(before).keys()) {
    const member = access.members.get(id);
    const mine = withAncestors(access.tree, member?.direct ?? []);
    const isNamed = boundUsers.has(id) || carried.get(id)?.some((login) => logins.has(login)) === true;
    const traits = [
      member === undefined ? "outside" : "member",
      [...(member?.everywhere ?? [])].toSorted((a, b) => a - b).join(),
      numbers.filter((number) => mine.has(number)).join(),
      isNamed ? id : "",
    ].join("/");
    const group = groups.get(traits);
    if (group === undefined) groups.set(traits, [id]);
    else group.push(id);
  }
  return [...groups.values()];
}

/** By person, all logins that anything read from GitHub gives them. */
function carriedLogins({ facts }: View): ReadonlyMap<UserId, readonly string[]> {
  const carried = new Map<UserId, string[]>();
  const add = (id: UserId, login: string) => carried.set(id, [...(carried.get(id) ?? []), login.toLowerCase()]);
  for (const [id, { login }] of facts.members?.value ?? []) add(id, login);
  for (const { value } of facts.access.values()) for (const [id, { login }] of value.collaborators) add(id, login);
  return carried;
}
