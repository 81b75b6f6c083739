import { legacyPermission, levelOf } from "../access.ts";
import type { Organization, Repository, RoleName, User } from "../model.ts";
import { simpleUser } from "../resources/account.ts";
import { organizationOf } from "../world.ts";
import type { Editor } from "./editor.ts";

/** People added to a repository itself. */
export function collaboratorEdits(editor: Editor) {
  const { edit, emit } = editor;

  const remove = (organization: Organization, repository: Repository, user: User): void => {
    if (!repository.collaborators.delete(user.id)) return;
    emit("member", "removed", organization, { member: simpleUser(user) }, repository);
  };

  return {
    /** Adds, or changes the role. For somebody outside it stands for the accepted invitation. */
    setCollaborator: edit((repository: Repository, user: User, role: RoleName) => {
      const organization = organizationOf(editor.world, repository);
      if (organization.blocked.has(user.id)) throw new Error(`${user.login} is blocked by ${organization.login}`);
      const before = repository.collaborators.get(user.id);
      if (before === role) return;
      repository.collaborators.set(user.id, role);
      const member = simpleUser(user);
      const to = legacyPermission(levelOf(organization, role));
      if (before === undefined) {
        const changes = { permission: { to }, role_name: { to: role } };
        emit("member", "added", organization, { member, changes }, repository);
      } else {
        const from = legacyPermission(levelOf(organization, before));
        const changes = { old_permission: { from }, permission: { from, to } };
        emit("member", "edited", organization, { member, changes }, repository);
      }
    }),

    removeCollaborator: edit((repository: Repository, user: User) => {
      remove(organizationOf(editor.world, repository), repository, user);
    }),

    removeOutsideCollaborator: edit((organization: Organization, user: User) => {
      if (organization.members.has(user.id)) throw new Error(`${user.login} is a member of ${organization.login}`);
      for (const repository of organization.repositories.values()) remove(organization, repository, user);
    }),
  };
}
