import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";

import type { UserId } from "../../domain/facts.ts";
import type { Breaker } from "./breaker.ts";
import type { FailureBudget } from "./failure-budget.ts";
import type { AskGitHub, GitHubAnswer, Good, TokenCheck, VerifyToken } from "./identity.ts";
import { isGood } from "./identity.ts";
import { inspectToken, MAX_TOKEN_LENGTH, type TokenKind } from "./token-format.ts";

/** How a check ended, for the metric: `cached`, or `shared` with a call already under way, or what was found. */
export type CheckResult = "cached" | "shared" | "active" | Exclude<TokenCheck, Good>["reason"];

export interface TokenVerifier {
  readonly verify: VerifyToken;
  /** Forgets every token of a user, also one that is being checked at this moment. */
  readonly forgetUser: (id: UserId) => void;
  readonly forgetAll: () => void;
}

export interface TokenVerifierOptions {
  readonly ask: AskGitHub;
  readonly breaker: Breaker;
  readonly budget: FailureBudget;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds an active token is believed, at most; its own end may come earlier. */
  readonly ttlMs: number;
  /** Milliseconds for which the owner of a token is told as {@link TokenCheck.lastKnown} while GitHub cannot be asked. */
  readonly graceMs: number;
  readonly onCheck: (result: CheckResult) => void;
  /** Tokens remembered; the one unused for longest goes first. */
  readonly max?: number;
}

type Unverifiable = Extract<TokenCheck, { status: "unverifiable" }>;

/** A refused token may be approved, or reach GitHub's replicas, any moment: a "no" is believed half a minute at most. */
const NEGATIVE_TTL_MS = 30_000;

const MALFORMED: TokenCheck = Object.freeze({ status: "inactive", reason: "malformed" });
const UNSUPPORTED: TokenCheck = Object.freeze({ status: "inactive", reason: "unsupported" });
const REFUSED: TokenCheck = Object.freeze({ status: "inactive", reason: "refused" });
const NO_BUDGET: Unverifiable = Object.freeze({ status: "unverifiable", reason: "budget" });
const BREAKER_OPEN: Unverifiable = Object.freeze({ status: "unverifiable", reason: "breaker" });
const NO_ANSWER: Unverifiable = Object.freeze({ status: "unverifiable", reason: "github" });
const GITHUB_FAILED: GitHubAnswer = { status: "unverifiable", health: { state: "failing" } };

/** Epoch milliseconds. Both ends count, so that a clock set back does not prolong a belief. */
interface Remembered {
  readonly check: TokenCheck;
  readonly from: number;
  readonly until: number;
  /** When the token itself ends. */
  readonly end: number;
}

interface Flight {
  readonly answer: Promise<TokenCheck>;
  /** Told to forget since the question was sent: the answer may be older than the reason to forget. */
  readonly forgotten: Set<UserId | "all">;
}

/** Verifies tokens with GitHub, remembering the answers under the tokens' SHA-256, never the tokens. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { ask, breaker, budget, now, ttlMs, graceMs, onCheck, max = 10_000 } = options;
  const remembered = new LRUCache<string, Remembered>({ max });
  // Bounded by the budget: no client has more under way than failures left.
  const flights = new Map<string, Flight>();

  function verify(token: string, client: string): TokenCheck | Promise<TokenCheck> {
    if (token.length > MAX_TOKEN_LENGTH) return told(MALFORMED);
    // The hash costs less than a look at the form, which every remembered token has passed. What is no text may share
    // the hash of other such, but none of it has a token's form.
    const key = hash("sha256", token, "binary");
    const known = remembered.get(key);
    if (known !== undefined && isBelieved(known)) {
      onCheck("cached");
      return known.check;
    }
    const flight = flights.get(key);
    if (flight !== undefined) {
      onCheck("shared");
      return flight.answer;
    }

    const format = inspectToken(token);
    if (format.status !== "askable") return told(format.status === "malformed" ? MALFORMED : UNSUPPORTED);
    return askOnce(token, client, format.kind, key, known);
  }

  function askOnce(
    token: string,
    client: string,
    kind: TokenKind,
    key: string,
    known: Remembered | undefined,
  ): TokenCheck | Promise<TokenCheck> {
    // Whoever guesses tokens through an index empties its budget; those who were good a while ago are not for guessing.
    const reserved = known === undefined || !isGood(known.check);
    if (reserved && !budget.take(client)) return told(NO_BUDGET);
    const giveBack = (): void => {
      if (reserved) budget.giveBack(client);
    };
    const report = breaker.admit();
    if (report === undefined) {
      giveBack();
      return told(withLastKnown(BREAKER_OPEN, known));
    }

    const forgotten = new Set<UserId | "all">();
    const from = now();
    const answer = ask(token, kind)
      .catch(() => GITHUB_FAILED)
      .then((said) => {
        flights.delete(key);
        report(said.health);
        if (said.status === "active" || said.status === "installation") {
          giveBack();
          const theirs = said.status === "active" && forgotten.has(said.id);
          if (forgotten.has("all") || theirs) return verify(token, client);
        }
        if (said.status === "unverifiable") {
          // Whoever was told to forget meanwhile knows nobody any more.
          return told(withLastKnown(NO_ANSWER, remembered.peek(key)));
        }
        const check = judge(said, kind, from);
        const end = said.status === "active" ? said.tokenExpiresAt : undefined;
        remembered.set(key, { check, from, until: untilOf(check, from), end: end ?? Infinity });
        return told(check);
      });
    flights.set(key, { answer, forgotten });
    return answer;
  }

  function withLastKnown(check: Unverifiable, known: Remembered | undefined): TokenCheck {
    const at = now();
    if (known?.check.status !== "active" || at < known.from || at >= known.end) return check;
    const { identity } = known.check;
    return at - identity.checkedAt > graceMs ? check : { ...check, lastKnown: identity };
  }

  function judge(
    said: Exclude<GitHubAnswer, { status: "unverifiable" }>,
    kind: TokenKind,
    checkedAt: number,
  ): TokenCheck {
    if (said.status === "inactive") return said.reason === "refused" ? REFUSED : UNSUPPORTED;
    if (said.status === "installation") {
      const { repositories, complete } = said;
      const identity = {
        kind: "installation",
        repositories,
        complete,
        checkedAt,
        expiresAt: checkedAt + ttlMs,
      } as const;
      return Object.freeze({ status: "installation", identity: Object.freeze(identity) });
    }
    const { id, login, clientId, tokenExpiresAt = Infinity } = said;
    const expiresAt = Math.min(checkedAt + ttlMs, tokenExpiresAt);
    return Object.freeze({
      status: "active",
      identity: Object.freeze({ id, login, kind, clientId, checkedAt, expiresAt }),
    });
  }

  function untilOf(check: TokenCheck, from: number): number {
    return isGood(check) ? check.identity.expiresAt : from + Math.min(ttlMs, NEGATIVE_TTL_MS);
  }

  function isBelieved({ from, until }: Remembered): boolean {
    const at = now();
    return from <= at && at < until;
  }

  function told(check: TokenCheck): TokenCheck {
    onCheck(isGood(check) ? "active" : check.reason);
    return check;
  }

  return {
    verify,
    forgetUser: (id) => {
      for (const { forgotten } of flights.values()) forgotten.add(id);
      const theirs = ({ check }: Remembered) => check.status === "active" && check.identity.id === id;
      const keys = [...remembered.entries()].filter(([, entry]) => theirs(entry)).map(([key]) => key);
      for (const key of keys) remembered.delete(key);
    },
    forgetAll: () => {
      for (const { forgotten } of flights.values()) forgotten.add("all");
      remembered.clear();
    },
  };
}
