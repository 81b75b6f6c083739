import { hash } from "node:crypto";
import type { View } from "../../domain/decide.ts";
import type { RepositoryId, UserId } from "../../domain/facts.ts";
import type { Identity } from "../decision/identity.ts";
import type { Sights } from "../decision/proof.ts";
import { NOTHING_SEEN, prove } from "../decision/proof.ts";
import type { TokenIdentity } from "../service.ts";

/** By person: repositories that their tokens must be able to see, or can. */
export type Needs = ReadonlyMap<UserId, ReadonlySet<RepositoryId>>;

/**
 * Whoever showed a token through an index client a moment ago. pypicloud shows us the token in one call and asks about
 * its owner by name in the next ones, all of them within one request of its own: so what it asks is asked with that
 * token. Which of several it was nobody can tell, so each of them must do.
 */
export interface Visitors {
  /** @returns `false`: there are too many of them to keep in mind, so this one cannot be let in */
  readonly came: (client: string, token: string, shown: Shown) => boolean;
  /** Asks GitHub, where it must be asked; at once where not. @returns what can be seen, of those who are here */
  readonly prove: (view: View, client: string, needs: Needs) => Needs | Promise<Needs>;
  /** Notes that a token of theirs does not do. */
  readonly doubt: (client: string, user: UserId) => void;
  /** Whether that was noted a moment ago. */
  readonly isDoubted: (client: string, user: UserId) => boolean;
}

/** Whoever showed a token, and how to find out again whose it is. */
export interface Shown {
  readonly owner: { readonly status: "user"; readonly identity: TokenIdentity };
  readonly again: () => Identity | Promise<Identity>;
}

/** pypicloud's requests take less; and for so long a token that proves too little is in the way of a better one. */
const VISIT_MS = 10_000;
/** Whoever is asked about beyond these is let in later. */
const MOST_VISITORS = 10_000;
const MOST_TOKENS = 16;
/** Repositories that are looked at for one person in one visit: whoever looks at a list asks about every package. */
const MOST_LOOKS = 50;

/** Times are epoch milliseconds. */
interface Visitor {
  /** By SHA-256. The token itself can be read nowhere: it is within the functions that ask with it. */
  readonly tokens: Map<string, Shown & { readonly until: number }>;
  /** What all of them were found to see, and until when that is taken for granted. */
  readonly proven: Map<RepositoryId, number>;
  readonly looks: Set<RepositoryId>;
  looksUntil: number;
  /** One of the tokens does not do: until then nothing more is asked about uploads. */
  sparedUntil: number;
  doubtedUntil: number;
  until: number;
}

/** @param now epoch milliseconds */
export function createVisitors(now: () => number): Visitors {
  // By index client, of which the configuration names a handful; each in the order of the last visits.
  const all = new Map<string, Map<UserId, Visitor>>();

  function visitorsOf(client: string): Map<UserId, Visitor> {
    const visitors = all.get(client) ?? new Map<UserId, Visitor>();
    all.set(client, visitors);
    for (const [user, { until }] of visitors) {
      if (until > now()) break;
      visitors.delete(user);
    }
    return visitors;
  }

  /** Looks with every token, and at no more than has to be known. */
  async function provenBy(
    view: View,
    visitor: Visitor,
    needed: ReadonlySet<RepositoryId>,
  ): Promise<ReadonlySet<RepositoryId>> {
    const at = now();
    if (visitor.looksUntil <= at) {
      visitor.looks.clear();
      visitor.looksUntil = at + VISIT_MS;
    }
    // It cannot be told whether pypicloud asks for a read or for an upload. Readers are not to use up anybody's
    // patience for what they did not want.
    const isSpared = at < visitor.sparedUntil && view.policy.tokens.proof.read === "identity";
    const asked = [...needed].filter((repository) => {
      if (isSpared || needed.size > MOST_LOOKS) return false;
      if (visitor.looks.size < MOST_LOOKS) visitor.looks.add(repository);
      return visitor.looks.has(repository);
    });
    const tokens = [...visitor.tokens.values()].filter(({ until }) => at < until);
    const seen = await Promise.all(
      tokens.map(async ({ owner, again }) =>
        prove<Identity, Sights>(
          owner,
          again,
          { view, sees: owner.identity.sees, repositories: asked },
          // A token that has ended meanwhile proves nothing.
          (late, sights) => (late.status === "user" ? sights : NOTHING_SEEN),
        ),
      ),
    );
    const proven = asked.filter((id) => seen.every((sights) => sights.get(id) === "visible"));
    // A token that came meanwhile has not been asked about.
    const isWhole = [...visitor.tokens.values()].every((token) => token.until <= at || tokens.includes(token));
    for (const id of isWhole ? proven : []) visitor.proven.set(id, at + VISIT_MS);
    return new Set(proven);
  }

  return {
    came: (client, token, shown) => {
      const { id } = shown.owner.identity;
      const visitors = visitorsOf(client);
      const [known, at, digest] = [visitors.get(id), now(), hash("sha256", token, "base64url")];
      if (known === undefined && visitors.size >= MOST_VISITORS) return false;
      const visitor = known ?? newcomer();
      for (const [key, { until }] of visitor.tokens) if (until <= at) visitor.tokens.delete(key);
      if (!visitor.tokens.has(digest) && visitor.tokens.size >= MOST_TOKENS) return false;
      if (!visitor.tokens.has(digest)) visitor.proven.clear();
      visitor.until = at + VISIT_MS;
      visitor.tokens.set(digest, { ...shown, until: visitor.until });
      visitors.delete(id);
      visitors.set(id, visitor);
      return true;
    },
    prove: (view, client, needs) => {
      const [visitors, at] = [visitorsOf(client), now()];
      const proofs = new Map<UserId, ReadonlySet<RepositoryId>>();
      const asked = new Map<UserId, Visitor>();
      const late: Promise<void>[] = [];
      const isFew = visitors.size < needs.size;
      for (const user of isFew ? visitors.keys() : needs.keys()) {
        const [visitor, needed] = [visitors.get(user), needs.get(user)];
        if (visitor === undefined || needed === undefined) continue;
        asked.set(user, visitor);
        if (isGranted(visitor, needed, at)) proofs.set(user, needed);
        else late.push(provenBy(view, visitor, needed).then((proven) => void proofs.set(user, proven)));
      }
      const finish = (): Needs | Promise<Needs> => withoutEnded(proofs, asked, now());
      return late.length === 0 ? finish() : Promise.all(late).then(finish);
    },
    doubt: (client, user) => {
      const visitor = visitorsOf(client).get(user);
      if (visitor === undefined) return;
      const at = now();
      if (visitor.sparedUntil <= at) visitor.sparedUntil = at + VISIT_MS;
      visitor.doubtedUntil = at + VISIT_MS;
    },
    isDoubted: (client, user) => (visitorsOf(client).get(user)?.doubtedUntil ?? 0) > now(),
  };
}

const NOTHING_PROVEN: ReadonlySet<RepositoryId> = new Set();

/** Whatever was proven and when: of somebody with a token that has ended meanwhile nothing is. Asked last of all. */
function withoutEnded(proofs: Needs, visitors: ReadonlyMap<UserId, Visitor>, at: number): Needs | Promise<Needs> {
  const still = [...visitors].flatMap(([user, { tokens }]) =>
    [...tokens.values()].filter(({ until }) => at < until).map(({ again }) => [user, again()] as const),
  );
  const without = (ended: readonly UserId[]): Needs =>
    ended.length === 0
      ? proofs
      : new Map([...proofs].map(([user, proven]) => [user, ended.includes(user) ? NOTHING_PROVEN : proven]));
  const known = still.flatMap(([user, owner]) => (owner instanceof Promise ? [] : [[user, owner] as const]));
  const endedOf = (owners: readonly (readonly [UserId, Identity])[]): UserId[] =>
    owners.flatMap(([user, { status }]) => (status === "user" ? [] : [user]));
  if (known.length === still.length) return without(endedOf(known));
  return Promise.all(still.map(async ([user, owner]) => [user, await owner] as const)).then((owners) =>
    without(endedOf(owners)),
  );
}

function isGranted({ proven }: Visitor, needed: ReadonlySet<RepositoryId>, at: number): boolean {
  for (const id of needed) if ((proven.get(id) ?? 0) <= at) return false;
  return true;
}

function newcomer(): Visitor {
  const lists = { tokens: new Map(), proven: new Map(), looks: new Set<RepositoryId>() };
  return { ...lists, looksUntil: 0, sparedUntil: 0, doubtedUntil: 0, until: 0 };
}
