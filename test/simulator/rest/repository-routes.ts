import { effectiveRole, isListed, legacyPermission, levelOf, permissionsHash } from "../access.ts";
import type { Organization, Repository, User } from "../model.ts";
import { type Json, simpleUser } from "../resources/account.ts";
import { fullRepository } from "../resources/repository.ts";
import { repositoryTeam } from "../resources/team.ts";
import { userByLogin } from "../world.ts";
import { paged } from "./pages.ts";
import { homeOf, repositoryOfPath, userLevel } from "./reach.ts";
import { type Call, notFound, type Reply, type Route } from "./route.ts";

/** A repository, and who may do what there. */
export const repositoryRoutes: Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}",
    audience: "anyone",
    answer: (call) => {
      const repository = repositoryOfPath(call, "metadata");
      const { caller } = call;
      const permissions = caller.kind === "user" && {
        permissions: permissionsHash(userLevel(call, repository, caller.user)),
      };
      return { status: 200, body: { ...fullRepository(homeOf(call, repository), repository), ...permissions } };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/teams",
    audience: "token",
    // only teams with a grant of their own, yet with the role they have in effect
    answer: (call) => {
      const repository = repositoryOfPath(call, "administration", "admin");
      const organization = homeOf(call, repository);
      const teams = [...organization.teams.values()].filter((team) => team.repositories.has(repository.id));
      return paged(
        call,
        teams,
        (team) => repositoryTeam(organization, team, repository),
        `/repositories/${repository.id}/teams`,
      );
    },
  },
  { method: "GET", path: "/repos/{owner}/{repo}/collaborators", audience: "token", answer: listCollaborators },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators/{username}/permission",
    audience: "token",
    answer: (call) => {
      const repository = repositoryOfPath(call, "metadata", "write");
      const user = userByLogin(call.world, call.params["username"] ?? "");
      if (user === undefined) throw notFound();
      return { status: 200, body: permissionOf(homeOf(call, repository), repository, user) };
    },
  },
];

function permissionOf(organization: Organization, repository: Repository, user: User): Json {
  const role = effectiveRole(organization, repository, user);
  const level = role === undefined ? undefined : levelOf(organization, role);
  const role_name = role ?? "none";
  const shown = { ...simpleUser(user), permissions: permissionsHash(level), role_name };
  return { permission: legacyPermission(level), role_name, user: shown };
}

/** role_name is what the person may do in all, whatever it comes from; even where only direct grants are listed. */
function listCollaborators(call: Call): Reply {
  const repository = repositoryOfPath(call, "metadata", "write");
  const organization = homeOf(call, repository);
  const affiliation = call.query.get("affiliation") ?? "all";
  const ids =
    affiliation === "all"
      ? [...organization.members.keys(), ...repository.collaborators.keys()]
      : [...repository.collaborators.keys()];
  const people = [...new Set(ids)]
    .flatMap((id) => call.world.users.get(id) ?? [])
    .filter(
      (user) => isListed(organization, user) && (affiliation !== "outside" || !organization.members.has(user.id)),
    );
  const listed = people.flatMap((user) => {
    const role = effectiveRole(organization, repository, user);
    return role === undefined ? [] : [{ user, role }];
  });
  const shown = ({ user, role }: { user: User; role: string }): Json => ({
    ...simpleUser(user),
    permissions: permissionsHash(levelOf(organization, role)),
    role_name: role,
  });
  return paged(call, listed, shown, `/repositories/${repository.id}/collaborators`);
}
