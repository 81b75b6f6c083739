import type { Session } from "../github/session.ts";
import type { OrganizationId } from "../domain/facts.ts";
import { NO_FACTS } from "../domain/facts.ts";
import type { Saved, SavedOrganization } from "../snapshot/saved.ts";
import type { StoreState } from "../state/store.ts";

export interface RemembranceOptions {
  readonly sessions: () => readonly Session[];
  /** What the process found and does not go on with. */
  readonly others: readonly SavedOrganization[];
  /** Until when every webhook delivery has been followed, epoch milliseconds. */
  readonly sweptUntil: () => number | undefined;
  /** Which deliveries need not be followed again, and when they were followed. */
  readonly followed: () => ReadonlyMap<string, number>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a later process has to know. Synchronous, so that facts, doubts and the log of deliveries fit together. */
export function remember({ sessions, others, sweptUntil, followed, now }: RemembranceOptions): Saved {
  const open = sessions().map(({ organization, store, saved }): SavedOrganization => ({
    organization: store.view().organization ?? organization,
    ...store.saved(),
    ...saved(),
    sweptUntil: sweptUntil(),
  }));
  const known = new Set(open.map(({ organization }) => organization.id));
  // Who claimed which name is nowhere but here, so that of an organization that comes back is kept.
  const absent = others.filter(({ organization }) => !known.has(organization.id));
  return { writtenAt: now(), followed: followed(), organizations: [...open, ...absent] };
}

/** What a process begins with. */
export interface Beginning {
  /** The organizations to go on with. */
  readonly organizations: readonly SavedOrganization[];
  /** Those that are nothing but remembered. Kept apart, so that the facts of the rest are let go of as they change. */
  readonly others: readonly SavedOrganization[];
  /** Since when deliveries have to be followed, epoch milliseconds. */
  readonly since: number | undefined;
}

/** How far clocks may differ, in milliseconds. */
const SKEW_MS = 60 * 1000;

/**
 * What to begin with. A snapshot from a time to come was written by a clock that has been set back since: nobody knows
 * how old its facts are, so they are read anew.
 *
 * @param wanted logins in lower case; empty: whatever there is
 * @param now epoch milliseconds
 */
export function resumable(saved: Saved | undefined, wanted: readonly string[], now: number): Beginning {
  const all = saved?.organizations ?? [];
  const isOfPast = saved !== undefined && saved.writtenAt <= now + SKEW_MS;
  const isGoodFor = ({ organization, ready }: SavedOrganization): boolean =>
    isOfPast && ready && (wanted.length === 0 || wanted.includes(organization.login.toLowerCase()));
  const organizations = all.filter(isGoodFor);
  const times = organizations.map(({ sweptUntil }) => sweptUntil ?? 0);
  return {
    organizations,
    others: all.filter((each) => !isGoodFor(each)),
    since: times.length === 0 ? undefined : Math.min(...times),
  };
}

/** What is worth keeping of an organization that nobody can go on with: who claimed which name, and the policy. */
export function historyOf(others: readonly SavedOrganization[], id: OrganizationId): StoreState | undefined {
  const found = others.find(({ organization }) => organization.id === id);
  if (found === undefined) return undefined;
  const { claims, inForce, bindings, revision } = found;
  return { ready: false, facts: NO_FACTS, claims, inForce, bindings, revision };
}
