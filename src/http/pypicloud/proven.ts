import type { View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import type { TeamId, UserId } from "../../domain/facts.ts";
import { madeOnce } from "../../domain/made-once.ts";
import { perRevision } from "../../domain/per-revision.ts";
import * as search from "../../domain/search.ts";
import { whatTeamCan } from "../../domain/team-search.ts";
import type { PackagePermissions, PypicloudPermission } from "../contract/pypicloud.ts";
import { toBeSeen } from "../decision/proof.ts";
import { personNamed, sent } from "./asked.ts";
import type { Group } from "./groups.ts";
import { allGroups, groupsOfUser, namesOf } from "./groups.ts";
import { userPermissions } from "./permissions.ts";
import { isOwner } from "./people.ts";
import type { Query, Where } from "./routes.ts";
import type { Needs, Proofs, Visitors } from "./visitors.ts";
import { WORDS } from "./words.ts";

/** An answer of which a part is only given to those whose tokens prove enough (`[tokens] proof`). */
export interface Conditional {
  readonly needs: Needs;
  /** The answer, as JSON, once it is known what those who are here can see; of all others the index vouches. */
  readonly given: (proofs: Proofs) => string | Buffer;
}

/** `GET /pypicloud/user_permissions?package=` */
export function provenUserPermissions(view: View, query: Query, where: Where, visitors: Visitors): Conditional {
  const reply = userPermissions(view, query, where);
  const { needs } = reply;
  return {
    needs,
    given: (proofs) => {
      const unproven = [...proofs.keys()].filter((user) => !isProven(needs, proofs, user));
      for (const user of unproven) visitors.doubt(where.index, user);
      return reply.json(unproven);
    },
  };
}

/** `GET /pypicloud/user_package_permissions?username=` */
export function provenPackagePermissions(view: View, query: Query, where: Where): Conditional {
  const person = personNamed(view, sent(query, "username"));
  if (person === undefined) return { needs: new Map(), given: () => "[]" };
  const held = search.whatCan(view, person.id, Infinity, where).found.flatMap(({ name, permissions }) =>
    WORDS.flatMap(([word, permission]) => {
      if (!permissions.includes(permission)) return [];
      const decision = decide(view, { kind: "user", id: person.id }, permission, name, where);
      return { name, word, repository: toBeSeen(view, permission, decision) };
    }),
  );
  return {
    needs: new Map([[person.id, new Set(held.flatMap(({ repository }) => repository ?? []))]]),
    given: (proofs) => {
      const proven = proofs.get(person.id);
      const packages = new Map<string, PypicloudPermission[]>();
      for (const { name, word, repository } of held) {
        if (proven !== undefined && repository !== undefined && !proven.has(repository)) continue;
        packages.set(name, [...(packages.get(name) ?? []), word]);
      }
      const list: PackagePermissions[] = [...packages].map(([name, permissions]) => ({ package: name, permissions }));
      return JSON.stringify(list);
    },
  };
}

/**
 * `GET /pypicloud/admin?username=`: whoever is one passes every check of pypicloud's before it asks about packages. So
 * a token must see all that declare any; whoever has another, or too much to look at, is asked about like everybody.
 */
export function provenAdmin(view: View, query: Query): Conditional {
  const person = personNamed(view, sent(query, "username"));
  if (person === undefined || !isOwner(view, person.id)) return { needs: new Map(), given: () => "false" };
  const { upload, delete: removal } = view.policy.tokens.proof;
  const claims = upload === "identity" && removal === "identity" ? [] : [...view.claims.values()];
  const needs = new Map([
    [person.id, new Set(claims.flatMap((claim) => ("repository" in claim ? (claim.repository ?? []) : [])))],
  ]);
  return { needs, given: (proofs) => String(!proofs.has(person.id) || isProven(needs, proofs, person.id)) };
}

/**
 * `GET /pypicloud/groups[?username=]`. Whoever showed a token that does not do has the groups that give nothing which
 * it would have to prove; everything else they are given one by one.
 */
export function groups(view: View, query: Query, where: Where, visitors: Visitors): string {
  const username = query.get("username");
  if (username === undefined) return JSON.stringify(allGroups(view));
  const person = personNamed(view, username);
  if (person === undefined) return "[]";
  const all = groupsOfUser(view, person.id);
  if (!visitors.isDoubted(where.index, person.id)) return JSON.stringify(namesOf(all));
  const giving = madeOnce(givingTeams(view), where.index, () => new Set<TeamId>());
  const isKept = ({ team }: Group): boolean => {
    if (giving.has(team)) return false;
    const gives = WORDS.some(
      ([, permission]) =>
        view.policy.tokens.proof[permission] !== "identity" &&
        whatTeamCan(view, team, permission, where).next().done !== true,
    );
    if (gives) giving.add(team);
    return !gives;
  };
  return JSON.stringify(namesOf(all.filter(isKept)));
}

/**
 * By index: teams that gave something which takes proof. They are not asked again, though what they gave may have become
 * too old to be believed: a group that is left out gives nobody anything. Of one that gave nothing it must be asked.
 */
const givingTeams = perRevision(() => new Map<string, Set<TeamId>>());

function isProven(needs: Needs, proofs: Proofs, user: UserId): boolean {
  const [needed, proven] = [needs.get(user), proofs.get(user)];
  return needed === proven || [...(needed ?? [])].every((repository) => proven?.has(repository));
}
