import { LRUCache } from "lru-cache";
import type { View } from "../../domain/decide.ts";
import type { UserId } from "../../domain/facts.ts";
import { perRevision } from "../../domain/per-revision.ts";
import type { Needs } from "./visitors.ts";

/** Bytes, about, of replies that are kept for one organization; pypicloud asks again and again for the same ones. */
const MAX_SIZE = 32 * 1024 * 1024;
/**
 * What an entry takes beside its reply, as measured: functions, too, take room. Whoever reaches pypicloud can ask for any
 * number of names that nobody has.
 */
const ENTRY_COST = 1024;

export interface Reply {
  /** @param unproven whose tokens do not see what they must: they have nothing that takes proof */
  readonly json: (unproven: readonly UserId[]) => string | Buffer;
  /** By person: what their tokens must be able to see for what is said of them. */
  readonly needs: Needs;
  /** Bytes, about, that are kept for both. */
  readonly size: number;
  /** The oldest fact it rests on, epoch milliseconds. */
  readonly asOf: number;
}

// What was computed from the same values is still true, until one of them has become too old to be believed. That they
// are confirmed only makes them newer.
const repliesOf = perRevision(
  () =>
    new LRUCache<string, Reply>({
      maxSize: MAX_SIZE,
      sizeCalculation: ({ size }, question) => size + question.length + ENTRY_COST,
    }),
);

/** What was answered before, if it would be answered again; else what `answer` says now. It may throw. */
export function remembered(view: View, question: string, answer: () => Reply): Reply {
  const replies = repliesOf(view);
  const known = replies.get(question);
  if (known !== undefined && known.asOf >= view.freshSince) return known;
  const reply = answer();
  replies.set(question, reply);
  return reply;
}
