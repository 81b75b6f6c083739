import { levelOf, permissionsHash, teamRole } from "../access.ts";
import type { Organization, Repository, RoleName, Team } from "../model.ts";
import type { Json } from "../resources/account.ts";
import { simpleUser } from "../resources/account.ts";
import { teamWithParent } from "../resources/team.ts";
import { descendants, lineage, organizationOf, userOf } from "../world.ts";
import { type Editor, webhookRepository } from "./editor.ts";

export type NewTeam = { name: string; parent?: Team; privacy?: "closed" | "secret"; description?: string };
export type TeamChanges = { name?: string; description?: string; privacy?: "closed" | "secret" };

export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

/** Teams, and what they may do on repositories. */
export function teamEdits(editor: Editor) {
  const { edit, emit } = editor;

  const announce = (
    organization: Organization,
    team: Team,
    action: string,
    extra: Json = {},
    about?: Repository,
  ): void => {
    const shown = about && { repository: withTeamRole(organization, about, teamRole(organization, team, about)) };
    emit("team", action, organization, { team: teamWithParent(organization, team), ...shown, ...extra }, about);
  };

  return {
    createTeam: edit((organization: Organization, options: NewTeam): Team => {
      const privacy = options.privacy ?? "closed";
      if (options.parent && privacy === "secret") throw new Error("a secret team cannot be nested");
      const team: Team = {
        id: editor.nextId(),
        organizationId: organization.id,
        slug: slugOf(options.name),
        name: options.name,
        description: options.description ?? null,
        privacy,
        parentId: options.parent?.id ?? null,
        members: new Map(),
        repositories: new Map(),
        createdAt: editor.now(),
        updatedAt: editor.now(),
      };
      organization.teams.set(team.id, team);
      announce(organization, team, "created");
      return team;
    }),

    /** Children go with their parent; GitHub announces the parent, and each of its members leaving a deleted team. */
    deleteTeam: edit((team: Team) => {
      const organization = organizationOf(editor.world, team);
      const shown = teamWithParent(organization, team);
      for (const gone of [team, ...descendants(organization, team)]) {
        organization.teams.delete(gone.id);
        for (const role of organization.organizationRoles.values()) role.teams.delete(gone.id);
      }
      emit("team", "deleted", organization, { team: shown });
      for (const userId of team.members.keys()) {
        const deleted = { id: team.id, name: team.name, deleted: true };
        const member = simpleUser(userOf(editor.world, userId));
        emit("membership", "removed", organization, { scope: "team", member, team: deleted });
      }
    }),

    editTeam: edit((team: Team, changes: TeamChanges) => {
      const organization = organizationOf(editor.world, team);
      const from: Json = {};
      if (changes.name !== undefined) {
        from["name"] = { from: team.name };
        team.name = changes.name;
        team.slug = slugOf(changes.name);
      }
      if (changes.description !== undefined) {
        from["description"] = { from: team.description ?? "" };
        team.description = changes.description;
      }
      if (changes.privacy !== undefined) {
        from["privacy"] = { from: team.privacy };
        team.privacy = changes.privacy;
      }
      editor.touch(team);
      announce(organization, team, "edited", { changes: from });
    }),

    /** Silent: moving a team moves everything it inherits, and no event says so. */
    setTeamParent: edit((team: Team, parent: Team | null) => {
      const organization = organizationOf(editor.world, team);
      if (parent !== null && lineage(organization, parent).includes(team))
        throw new Error("a team cannot be below itself");
      team.parentId = parent?.id ?? null;
      editor.touch(team);
    }),

    /** Grants, or changes the grant. */
    setTeamRepository: edit((team: Team, repository: Repository, role: RoleName) => {
      const organization = organizationOf(editor.world, team);
      if (team.organizationId !== repository.organizationId)
        throw new Error("team and repository are not of one organization");
      const before = team.repositories.get(repository.id);
      if (before === role) return;
      team.repositories.set(repository.id, role);
      if (before === undefined) {
        announce(organization, team, "added_to_repository", {}, repository);
        emit("team_add", null, organization, { team: teamWithParent(organization, team) }, repository);
        return;
      }
      const { admin, pull, push } = permissionsHash(levelOf(organization, before));
      announce(
        organization,
        team,
        "edited",
        { changes: { repository: { permissions: { from: { admin, pull, push } } } } },
        repository,
      );
    }),

    removeTeamRepository: edit((team: Team, repository: Repository) => {
      const organization = organizationOf(editor.world, team);
      if (!team.repositories.delete(repository.id)) return;
      // the payload shows no role at all, even where the team still inherits one
      const none = { repository: withTeamRole(organization, repository, undefined) };
      announce(organization, team, "removed_from_repository", none, repository);
    }),
  };
}

function withTeamRole(organization: Organization, repository: Repository, role: RoleName | undefined): Json {
  const permissions = permissionsHash(role === undefined ? undefined : levelOf(organization, role));
  return { ...webhookRepository(organization, repository), permissions, role_name: role ?? null };
}
