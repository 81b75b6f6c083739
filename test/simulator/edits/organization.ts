import type {
  BasePermission,
  CustomRepositoryRole,
  Level,
  Organization,
  OrganizationRole,
  Plan,
  Team,
  User,
} from "../model.ts";
import { isoTime, simpleOrganization, simpleUser } from "../resources/account.ts";
import { installationResource } from "../resources/installation.ts";
import { repositoryReference } from "../resources/repository.ts";
import type { Editor } from "./editor.ts";
import { newInstallation } from "./installation.ts";

export type NewOrganization = { login: string; plan?: Plan; basePermission?: BasePermission; installed?: boolean };

/** Organizations themselves, and the settings and roles no webhook tells of. */
export function organizationEdits(editor: Editor) {
  const { edit, emit } = editor;
  const times = (): { createdAt: number; updatedAt: number } => ({ createdAt: editor.now(), updatedAt: editor.now() });

  return {
    createUser: edit((login: string, name: string | null = null): User => {
      const user: User = { id: editor.nextId(), login, name, suspended: false, createdAt: editor.now() };
      editor.world.users.set(user.id, user);
      return user;
    }),

    /** With the App installed on it unless said otherwise; building a world announces nothing. */
    createOrganization: edit((options: NewOrganization): Organization => {
      const organization: Organization = {
        id: editor.nextId(),
        login: options.login,
        plan: options.plan ?? "enterprise",
        basePermission: options.basePermission ?? "read",
        members: new Map(),
        teams: new Map(),
        repositories: new Map(),
        repositoryNames: new Map(),
        formerRepositoryNames: new Map(),
        customRoles: new Map(),
        organizationRoles: new Map(),
        blocked: new Set(),
        installation: options.installed === false ? null : newInstallation(editor),
        claims: new Map(),
        declared: new Map(),
        ...times(),
      };
      editor.world.organizations.set(organization.id, organization);
      return organization;
    }),

    renameOrganization: edit((organization: Organization, login: string) => {
      const changes = { login: { from: organization.login } };
      organization.login = login;
      editor.touch(organization);
      emit("organization", "renamed", organization, { changes });
      const account = {
        ...simpleUser(organization, "Organization"),
        ...simpleOrganization(organization),
        description: null,
      };
      emit("installation_target", "renamed", organization, { account, changes, target_type: "Organization" });
    }),

    deleteOrganization: edit((organization: Organization) => {
      emit("organization", "deleted", organization, {});
      const { installation } = organization;
      if (installation !== null) {
        emit("installation", "deleted", organization, {
          installation: installationResource(editor.app, organization, installation),
          repositories: [...organization.repositories.values()].map((each) => repositoryReference(organization, each)),
        });
      }
      editor.world.organizations.delete(organization.id);
      organization.installation = null;
    }),

    requestPersonalAccessToken: edit((organization: Organization, user: User) => {
      const repositories = [...organization.repositories.values()].slice(0, 1);
      const granted = { organization: {}, repository: { contents: "read", metadata: "read" }, other: {} };
      const request = {
        id: editor.nextId(),
        owner: simpleUser(user),
        permissions_added: granted,
        permissions_upgraded: {},
        permissions_result: granted,
        repository_selection: "subset",
        repository_count: repositories.length,
        repositories: repositories.map((repository) => repositoryReference(organization, repository)),
        created_at: isoTime(editor.now()),
        token_id: editor.nextId(),
        token_name: "laptop",
        token_expired: false,
        token_expires_at: null,
        token_last_used_at: null,
      };
      emit("personal_access_token_request", "created", organization, { personal_access_token_request: request });
    }),

    setBasePermission: edit((organization: Organization, permission: BasePermission) => {
      organization.basePermission = permission;
      editor.touch(organization);
    }),

    defineOrganizationRole: edit(
      (organization: Organization, name: string, baseRole: Level | null): OrganizationRole => {
        const predefined = name.startsWith("all_repo_") || name === "security_manager";
        const source = predefined ? "Predefined" : "Organization";
        const role = {
          id: editor.nextId(),
          name,
          baseRole,
          source,
          users: new Set<number>(),
          teams: new Set<number>(),
          ...times(),
        } as const;
        organization.organizationRoles.set(role.id, role);
        return role;
      },
    ),

    assignOrganizationRole: edit((role: OrganizationRole, to: { user: User } | { team: Team }) => {
      if ("user" in to) role.users.add(to.user.id);
      else role.teams.add(to.team.id);
    }),

    unassignOrganizationRole: edit((role: OrganizationRole, from: { user: User } | { team: Team }) => {
      if ("user" in from) role.users.delete(from.user.id);
      else role.teams.delete(from.team.id);
    }),

    defineRepositoryRole: edit(
      (organization: Organization, name: string, baseRole: Exclude<Level, "admin">): CustomRepositoryRole => {
        const role = { id: editor.nextId(), name, baseRole, ...times() };
        organization.customRoles.set(role.id, role);
        return role;
      },
    ),

    /** Changes what everybody with the role may do, silently. */
    setRepositoryRoleBase: edit((role: CustomRepositoryRole, baseRole: Exclude<Level, "admin">) => {
      role.baseRole = baseRole;
      editor.touch(role);
    }),
  };
}
