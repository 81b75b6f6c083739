import { effectiveTeamGrants } from "../access.ts";
import type { Organization, Team, User } from "../model.ts";
import { nodeId } from "../node-id.ts";
import { api, isoTime, simpleUser } from "../resources/account.ts";
import { simpleTeam, teamWithParent } from "../resources/team.ts";
import { organizationOf } from "../world.ts";
import type { Editor } from "./editor.ts";

/** Who belongs to an organization and to its teams. */
export function membershipEdits(editor: Editor) {
  const { edit, emit } = editor;

  const announce = (organization: Organization, user: User, action: string, role: "member" | "admin"): void => {
    const url = `${api}/orgs/${organization.login}/memberships/${user.login}`;
    const membership = {
      url,
      state: action === "member_removed" ? "inactive" : "active",
      role,
      organization_url: `${api}/orgs/${organization.login}`,
      user: simpleUser(user),
      direct_membership: true,
      enterprise_teams_providing_indirect_membership: [],
    };
    emit("organization", action, organization, { membership });
  };

  return {
    addMember: edit((organization: Organization, user: User, role: "member" | "admin" = "member") => {
      if (organization.members.has(user.id)) return;
      if (organization.blocked.has(user.id)) throw new Error(`${user.login} is blocked by ${organization.login}`);
      organization.members.set(user.id, role);
      announce(organization, user, "member_added", role);
    }),

    inviteMember: edit((organization: Organization, user: User) => {
      const id = editor.nextId();
      const invitation = {
        id,
        node_id: nodeId("Invitation", id),
        login: user.login,
        email: null,
        role: "direct_member",
        created_at: isoTime(editor.now()),
        failed_at: null,
        failed_reason: null,
        inviter: simpleUser(editor.sender(organization)),
        team_count: 0,
        invitation_teams_url: `${api}/organizations/${organization.id}/invitations/${id}/teams`,
        invitation_source: "member",
      };
      emit("organization", "member_invited", organization, { invitation, user: simpleUser(user) });
    }),

    removeMember: edit((organization: Organization, user: User) => {
      const role = leave(organization, user);
      for (const repository of organization.repositories.values()) repository.collaborators.delete(user.id);
      announce(organization, user, "member_removed", role);
    }),

    /** The former member keeps, as direct grants, what direct and team grants gave; not the base permission or roles. */
    convertToOutsideCollaborator: edit((organization: Organization, user: User) => {
      const kept = effectiveTeamGrants(organization, user);
      const role = leave(organization, user);
      for (const [repository, granted] of kept) repository.collaborators.set(user.id, granted);
      announce(organization, user, "member_removed", role);
    }),

    addTeamMember: edit((team: Team, user: User, role: "member" | "maintainer" = "member") => {
      const organization = organizationOf(editor.world, team);
      if (!organization.members.has(user.id)) throw new Error(`${user.login} is no member of ${organization.login}`);
      const before = team.members.get(user.id);
      team.members.set(user.id, role);
      // promotion to maintainer is not announced
      if (before !== undefined) return;
      const parts = { scope: "team", member: simpleUser(user), team: teamWithParent(organization, team) };
      emit("membership", "added", organization, parts);
    }),

    removeTeamMember: edit((team: Team, user: User) => {
      const organization = organizationOf(editor.world, team);
      if (!team.members.delete(user.id)) return;
      const parts = { scope: "team", member: simpleUser(user), team: simpleTeam(organization, team) };
      emit("membership", "removed", organization, parts);
    }),

    /** Silent on GitHub: no event tells of a promotion to owner, or back. */
    setOwner: edit((organization: Organization, user: User) => {
      if (!organization.members.has(user.id)) throw new Error(`${user.login} is no member of ${organization.login}`);
      organization.members.set(user.id, "admin");
    }),

    unsetOwner: edit((organization: Organization, user: User) => {
      if (organization.members.get(user.id) !== "admin") throw new Error(`${user.login} is no owner`);
      organization.members.set(user.id, "member");
    }),

    blockUser: edit((organization: Organization, user: User) => {
      if (organization.members.has(user.id)) throw new Error("only people outside the organization can be blocked");
      organization.blocked.add(user.id);
      for (const repository of organization.repositories.values()) repository.collaborators.delete(user.id);
      emit("org_block", "blocked", organization, { blocked_user: simpleUser(user) });
    }),

    unblockUser: edit((organization: Organization, user: User) => {
      if (!organization.blocked.delete(user.id)) return;
      emit("org_block", "unblocked", organization, { blocked_user: simpleUser(user) });
    }),

    /** Silent, and no id changes: the reason to key everything by id. */
    renameUser: edit((user: User, login: string) => {
      user.login = login;
    }),

    /** Silent. A suspended account disappears from lists and its tokens stop working; its grants stay in the model. */
    suspendUser: edit((user: User) => {
      user.suspended = true;
    }),

    unsuspendUser: edit((user: User) => {
      user.suspended = false;
    }),

    revokeAuthorization: edit((user: User) => {
      editor.tokens.revokeWhere((token) => token.kind === "app-user" && token.userId === user.id);
      editor.emitToApp("github_app_authorization", "revoked", { sender: simpleUser(user) });
    }),
  };
}

/** Leaving takes a member out of every team and role; GitHub says so once, not once per team. */
function leave(organization: Organization, user: User): "member" | "admin" {
  const role = organization.members.get(user.id);
  if (role === undefined) throw new Error(`${user.login} is no member of ${organization.login}`);
  organization.members.delete(user.id);
  for (const team of organization.teams.values()) team.members.delete(user.id);
  for (const each of organization.organizationRoles.values()) each.users.delete(user.id);
  return role;
}
