import { type App } from "../app.ts";
import { recordClaims } from "../claims-ledger.ts";
import type { History } from "../history.ts";
import type { Organization, Repository, User, World } from "../model.ts";
import { type Json, simpleOrganization, simpleUser } from "../resources/account.ts";
import { installationReference } from "../resources/installation.ts";
import { repository as repositoryResource } from "../resources/repository.ts";
import type { TokenBook } from "../tokens.ts";
import type { Hook } from "../webhooks/hook.ts";
import { isDelivered } from "../webhooks/subscriptions.ts";

/** What an edit works with: the model, and a way to tell the world what GitHub would tell it. */

export type Editor = ReturnType<typeof createEditor>;
export type Parts = {
  world: World;
  clock: () => number;
  app: App;
  hook: Hook;
  history: History;
  tokens: TokenBook;
  nextId: () => number;
};

export function createEditor({ world, clock, app, hook, history, tokens, nextId }: Parts) {
  const editor = {
    world,
    app,
    tokens,
    nextId,
    now: clock,

    /** Makes an edit out of a change of the model: replicas that lag behind must still see what was before. */
    edit:
      <Arguments extends unknown[], Result>(change: (...args: Arguments) => Result) =>
      (...args: Arguments): Result => {
        history.keep();
        return change(...args);
      },

    /** Who did it: an owner, or anybody when the organization has none. */
    sender(organization: Organization): User {
      const owner = [...organization.members].find(([, role]) => role === "admin")?.[0];
      const user = world.users.get(owner ?? 0) ?? world.users.values().next().value;
      if (user === undefined) throw new Error("a webhook needs a sender, and this world has no user");
      return user;
    },

    emit: (
      event: string,
      action: string | null,
      organization: Organization,
      payload: Json,
      about?: Repository,
    ): void => {
      const { installation } = organization;
      if (installation === null || !isDelivered(installation, event, about)) return;
      const envelope = {
        ...(action !== null && { action }),
        ...(about && { repository: webhookRepository(organization, about) }),
        organization: simpleOrganization(organization),
        sender: simpleUser(editor.sender(organization)),
        installation: installationReference(installation),
        ...payload,
      };
      hook.emit(event, action, installation.id, about?.id ?? null, envelope);
    },

    /** Events about the App itself belong to no installation. */
    emitToApp(event: string, action: string, payload: Json): void {
      hook.emit(event, action, null, null, { action, ...payload });
    },

    contentChanged(organization: Organization, repository: Repository): void {
      recordClaims(organization, repository, clock());
    },

    touch(...changed: { updatedAt: number }[]): void {
      for (const each of changed) each.updatedAt = clock();
    },
  };
  return editor;
}

export function webhookRepository(organization: Organization, repository: Repository): Json {
  return { ...repositoryResource(organization, repository), custom_properties: {} };
}
