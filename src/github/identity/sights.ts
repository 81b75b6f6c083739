import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Breaker } from "./breaker.ts";
import type { FailureBudget } from "./failure-budget.ts";
import type { AskSight, SeenRepository, Sight } from "./identity.ts";

/** What the bearers of tokens can see: proof that a token is good for a repository, and not just its owner. */
export interface Sights {
  /** Answers at once when it is known. Never rejects. @param client the index client that asks */
  readonly sees: (token: string, client: string, repository: SeenRepository) => Sight | Promise<Sight>;
  readonly forgetAll: () => void;
}

export interface SightsOptions {
  readonly ask: AskSight;
  /** Shared with the checks of the tokens themselves: it is one GitHub. */
  readonly breaker: Breaker;
  readonly budget: FailureBudget;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds for which an answer is believed. */
  readonly ttlMs: number;
  /** Answers remembered. */
  readonly max?: number;
}

interface Remembered {
  readonly sight: Sight;
  /** Epoch milliseconds. */
  readonly from: number;
}

/** Whoever was refused changes something at GitHub and tries again: a "no" is believed half a minute at most. */
const NEGATIVE_TTL_MS = 30_000;

export function createSights({ ask, breaker, budget, now, ttlMs, max = 20_000 }: SightsOptions): Sights {
  // By the token's SHA-256 and the repository's number, never by the token.
  const remembered = new LRUCache<string, Remembered>({ max });
  const flights = new Map<string, Promise<Sight>>();
  let epoch = 0;

  const isBelieved = ({ sight, from }: Remembered): boolean => {
    const age = now() - from;
    return age >= 0 && age < (sight === "visible" ? ttlMs : Math.min(ttlMs, NEGATIVE_TTL_MS));
  };

  const askOnce = async (token: string, client: string, repository: SeenRepository, key: string): Promise<Sight> => {
    const reserved = remembered.peek(key)?.sight !== "visible";
    if (reserved && !budget.take(client)) return "unverifiable";
    const giveBack = (): void => {
      if (reserved) budget.giveBack(client);
    };
    const report = breaker.admit();
    if (report === undefined) {
      giveBack();
      return "unverifiable";
    }
    const began = epoch;
    const from = now();
    const { sight, health } = await ask(token, repository);
    flights.delete(key);
    report(health);
    if (sight === "visible") giveBack();
    // Told to forget meanwhile: the answer may be older than the reason to.
    if (began !== epoch) return sees(token, client, repository);
    if (sight !== "unverifiable") remembered.set(key, { sight, from });
    return sight;
  };

  function sees(token: string, client: string, repository: SeenRepository): Sight | Promise<Sight> {
    const key = `${hash("sha256", token, "base64url")} ${repository.id}`;
    const known = remembered.get(key);
    if (known !== undefined && isBelieved(known)) return known.sight;
    const flight = flights.get(key);
    if (flight !== undefined) return flight;
    const answer = askOnce(token, client, repository, key);
    flights.set(key, answer);
    void answer.finally(() => {
      if (flights.get(key) === answer) flights.delete(key);
    });
    return answer;
  }

  return {
    sees,
    forgetAll: () => {
      epoch += 1;
      flights.clear();
      remembered.clear();
    },
  };
}
