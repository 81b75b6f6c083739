import { hash } from "node:crypto";
import type { View } from "../../domain/decide.ts";
import type { RepositoryId, UserId } from "../../domain/facts.ts";
import type { Identity } from "../decision/identity.ts";
import type { Sights } from "../decision/proof.ts";
import { NOTHING_SEEN, prove } from "../decision/proof.ts";
import { paired, whenAll } from "../decision/when-all.ts";
import type { TokenIdentity } from "../service.ts";

/** By person: repositories that their tokens can see. */
export type Proofs = ReadonlyMap<UserId, ReadonlySet<RepositoryId>>;

/** By person: repositories that their tokens must be able to see. A map of them, or what finds it out of whom it is asked. */
export interface Needs {
  readonly size: number;
  readonly keys: () => Iterable<UserId>;
  readonly get: (user: UserId) => ReadonlySet<RepositoryId> | undefined;
}

/**
 * Whoever showed a token through an index client a moment ago. pypicloud shows us the token in one call and asks about
 * its owner by name in the next ones, all of them within one request of its own: so what it asks is asked with that
 * token. Which of several it was nobody can tell, so each of them must do.
 */
export interface Visitors {
  /** @returns `false`: there are too many of them to keep in mind, so this one cannot be let in */
  readonly came: (client: string, token: string, shown: Shown) => boolean;
  /** Asks GitHub, where it must be asked; at once where not. @returns what can be seen, of those who are here */
  readonly prove: (view: View, client: string, needs: Needs) => Proofs | Promise<Proofs>;
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
  function provenBy(view: View, visitor: Visitor, needed: Proven): Proven | Promise<Proven> {
    const at = now();
    if (isGranted(visitor, needed, at)) return needed;
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
    if (asked.length === 0) return NOTHING_PROVEN;
    const tokens = [...visitor.tokens.values()].filter(({ until }) => at < until);
    const seen = tokens.map(({ owner, again }) =>
      prove<Identity, Sights>(
        owner,
        again,
        { view, sees: owner.identity.sees, repositories: asked },
        // A token that has ended meanwhile proves nothing.
        (late, sights) => (late.status === "user" ? sights : NOTHING_SEEN),
      ),
    );
    return whenAll(seen, (all) => {
      const proven = asked.filter((id) => all.every((sights) => sights.get(id) === "visible"));
      // A token that came meanwhile has not been asked about.
      const isWhole = [...visitor.tokens.values()].every((token) => token.until <= at || tokens.includes(token));
      for (const id of isWhole ? proven : []) visitor.proven.set(id, at + VISIT_MS);
      return new Set(proven);
    });
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
      const visitors = visitorsOf(client);
      const asked = new Map<UserId, Visitor>();
      const proofs: (readonly [UserId, Proven] | Promise<readonly [UserId, Proven]>)[] = [];
      for (const user of visitors.size < needs.size ? visitors.keys() : needs.keys()) {
        const [visitor, needed] = [visitors.get(user), needs.get(user)];
        if (visitor === undefined || needed === undefined) continue;
        asked.set(user, visitor);
        proofs.push(paired(user, provenBy(view, visitor, needed)));
      }
      return whenAll(proofs, (all) => withoutEnded(new Map(all), asked, now()));
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

type Proven = ReadonlySet<RepositoryId>;
const NOTHING_PROVEN: Proven = new Set();

/** Whatever was proven and when: of somebody with a token that has ended meanwhile nothing is. Asked last of all. */
function withoutEnded(proofs: Proofs, visitors: ReadonlyMap<UserId, Visitor>, at: number): Proofs | Promise<Proofs> {
  const still = [...visitors].flatMap(([user, { tokens }]) =>
    [...tokens.values()].filter(({ until }) => at < until).map(({ again }) => paired(user, again())),
  );
  return whenAll(still, (owners) => {
    const ended = new Set(owners.flatMap(([user, { status }]) => (status === "user" ? [] : [user])));
    if (ended.size === 0) return proofs;
    return new Map([...proofs].map(([user, proven]) => [user, ended.has(user) ? NOTHING_PROVEN : proven]));
  });
}

function isGranted({ proven }: Visitor, needed: ReadonlySet<RepositoryId>, at: number): boolean {
  for (const id of needed) if ((proven.get(id) ?? 0) <= at) return false;
  return true;
}

function newcomer(): Visitor {
  const lists = { tokens: new Map(), proven: new Map(), looks: new Set<RepositoryId>() };
  return { ...lists, looksUntil: 0, sparedUntil: 0, doubtedUntil: 0, until: 0 };
}
