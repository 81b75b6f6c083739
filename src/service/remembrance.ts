import type { Session } from "../github/session.ts";
import type { OrganizationId } from "../domain/facts.ts";
import { NO_FACTS } from "../domain/facts.ts";
import type { Saved, SavedOrganization } from "../snapshot/saved.ts";
import type { StoreState } from "../state/store.ts";

export interface RemembranceOptions {
  readonly sessions: () => readonly Session[];
  /** What the process began with. */
  readonly began: Saved | undefined;
  /** Until when every webhook delivery has been followed, epoch milliseconds. */
  readonly sweptUntil: () => number | undefined;
  /** Which deliveries need not be followed again, and when they were followed. */
  readonly followed: () => ReadonlyMap<string, number>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a later process has to know. Synchronous, so that facts, doubts and the log of deliveries fit together. */
export function remember({ sessions, began, sweptUntil, followed, now }: RemembranceOptions): Saved {
  const open = sessions().map(({ organization, store, saved }): SavedOrganization => ({
    organization: store.view().organization ?? organization,
    ...store.saved(),
    ...saved(),
    sweptUntil: sweptUntil(),
  }));
  const known = new Set(open.map(({ organization }) => organization.id));
  // Who claimed which name is nowhere but here, so that of an organization that comes back is kept.
  const absent = (began?.organizations ?? []).filter(({ organization }) => !known.has(organization.id));
  return { writtenAt: now(), followed: followed(), organizations: [...open, ...absent] };
}

/**
 * What to begin with: the organizations that shall be served, and since when deliveries have to be followed.
 *
 * @param wanted logins in lower case; empty: whatever there is
 */
export function resumable(
  saved: Saved | undefined,
  wanted: readonly string[],
): { readonly organizations: readonly SavedOrganization[]; readonly since: number | undefined } {
  const organizations = (saved?.organizations ?? []).filter(
    ({ organization, ready }) => ready && (wanted.length === 0 || wanted.includes(organization.login.toLowerCase())),
  );
  const times = organizations.map(({ sweptUntil }) => sweptUntil ?? 0);
  return { organizations, since: times.length === 0 ? undefined : Math.min(...times) };
}

/** What is worth keeping of an organization that nobody can go on with: who claimed which name, and since when. */
export function historyOf(saved: Saved | undefined, id: OrganizationId): StoreState | undefined {
  const found = saved?.organizations.find(({ organization }) => organization.id === id);
  return found && { ready: false, facts: NO_FACTS, claims: found.claims, revision: found.revision };
}
