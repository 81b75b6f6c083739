import type { Installation, Organization, Repository } from "../model.ts";
import { isoTime, type Json, simpleUser } from "../resources/account.ts";
import { installationResource } from "../resources/installation.ts";
import { repositoryReference } from "../resources/repository.ts";
import type { Editor } from "./editor.ts";

/** Where the App is installed, with which permissions, on which repositories. */
export function installationEdits(editor: Editor) {
  const { edit, emit } = editor;

  const announce = (organization: Organization, installation: Installation, action: string): void => {
    const covered = [...organization.repositories.values()].filter(
      (each) => installation.repositorySelection === "all" || installation.selected.has(each.id),
    );
    const repositories = covered.map((each) => repositoryReference(organization, each));
    emit("installation", action, organization, {
      installation: installationResource(editor.app, organization, installation),
      ...(action !== "suspend" && action !== "unsuspend" && { repositories }),
      ...(action === "created" && { requester: simpleUser(editor.sender(organization)) }),
    });
  };

  return {
    install: edit((organization: Organization, selected?: Repository[]): Installation => {
      const installation = newInstallation(editor, selected);
      organization.installation = installation;
      announce(organization, installation, "created");
      return installation;
    }),

    uninstall: edit((organization: Organization) => {
      const installation = installed(organization);
      announce(organization, installation, "deleted");
      editor.tokens.revokeWhere((token) => token.kind === "installation" && token.installationId === installation.id);
      organization.installation = null;
    }),

    suspendInstallation: edit((organization: Organization) => {
      const installation = installed(organization);
      installation.suspendedAt = editor.now();
      editor.touch(installation);
      announce(organization, installation, "suspend");
    }),

    unsuspendInstallation: edit((organization: Organization) => {
      const installation = installed(organization);
      installation.suspendedAt = null;
      editor.touch(installation);
      announce(organization, installation, "unsuspend");
    }),

    /** An owner accepts what the App asks for now (`github.app.permissions` and `.events`). */
    acceptNewPermissions: edit((organization: Organization) => {
      const installation = installed(organization);
      installation.permissions = { ...editor.app.permissions };
      installation.events = [...editor.app.events];
      editor.touch(installation);
      announce(organization, installation, "new_permissions_accepted");
    }),

    /** Only these repositories, or all again. */
    selectRepositories: edit((organization: Organization, selection: Repository[] | "all") => {
      const installation = installed(organization);
      const covered = (): Set<number> =>
        installation.repositorySelection === "all"
          ? new Set(organization.repositories.keys())
          : new Set(installation.selected);
      const before = covered();
      installation.repositorySelection = selection === "all" ? "all" : "selected";
      installation.selected = new Set(selection === "all" ? [] : selection.map((repository) => repository.id));
      editor.touch(installation);
      const after = covered();
      const references = (ids: Set<number>, not: Set<number>): Json[] =>
        [...organization.repositories.values()]
          .filter(({ id }) => ids.has(id) && !not.has(id))
          .map((repository) => repositoryReference(organization, repository));
      const [added, removed] = [references(after, before), references(before, after)];
      if (added.length > 0) announceInstallationRepositories(editor, organization, { added });
      if (removed.length > 0) announceInstallationRepositories(editor, organization, { removed });
    }),

    /** Somebody deletes the App's webhook. */
    deleteHook: edit((url = "https://packgate.example/api/github/webhooks") => {
      const { hookId, events } = editor.app;
      const times = { created_at: isoTime(editor.now()), updated_at: isoTime(editor.now()) };
      const config = { content_type: "json", insecure_ssl: "0", url, secret: "********" };
      const hook = {
        type: "App",
        id: hookId,
        name: "web",
        active: true,
        events: events.filter((each) => !newer.has(each)),
        config,
        ...times,
      };
      editor.emitToApp("meta", "deleted", { hook_id: hookId, hook });
    }),
  };
}

function installed(organization: Organization): Installation {
  if (organization.installation === null) throw new Error(`the App is not installed on ${organization.login}`);
  return organization.installation;
}

// the hook's own list of events in GitHub's schema was never extended to these
const newer = new Set(["personal_access_token_request", "repository_ruleset"]);

export function newInstallation(editor: Pick<Editor, "app" | "nextId" | "now">, selected?: Repository[]): Installation {
  return {
    id: editor.nextId(),
    repositorySelection: selected === undefined ? "all" : "selected",
    selected: new Set(selected?.map((repository) => repository.id)),
    permissions: { ...editor.app.permissions },
    events: [...editor.app.events],
    suspendedAt: null,
    createdAt: editor.now(),
    updatedAt: editor.now(),
  };
}

export function announceInstallationRepositories(
  editor: Editor,
  organization: Organization,
  changed: { added?: Json[]; removed?: Json[] },
): void {
  const { installation } = organization;
  if (installation === null) return;
  editor.emit("installation_repositories", changed.added ? "added" : "removed", organization, {
    installation: installationResource(editor.app, organization, installation),
    repository_selection: installation.repositorySelection,
    repositories_added: changed.added ?? [],
    repositories_removed: changed.removed ?? [],
    requester: null,
  });
}
