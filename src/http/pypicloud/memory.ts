import { LRUCache } from "lru-cache";
import type { CompiledAccess } from "../../domain/access.ts";
import type { View } from "../../domain/decide.ts";
import type { Needs } from "./visitors.ts";

/** Bytes, about, of replies that are kept for one organization; pypicloud asks again and again for the same ones. */
const MAX_SIZE = 16 * 1024 * 1024;
/** What an entry takes beside its text. Whoever reaches pypicloud can ask for any number of names that nobody has. */
const ENTRY_COST = 256;
/** And what an entry of its needs does; most of them share one set. */
const NEED_COST = 64;

export interface Reply {
  readonly text: string;
  /** The oldest fact it rests on, epoch milliseconds. */
  readonly asOf: number;
  /** By person: what their tokens must be able to see for what is said of them. */
  readonly needs: Needs;
}

interface Memory {
  readonly revision: number;
  readonly readsOnly: boolean;
  readonly replies: LRUCache<string, Reply>;
}

// The compiled members are one object for as long as a store lives or recompiles, and the revision grows with every
// value that changes: what was computed from the same of both is still true, until one of its facts has become too old
// to be believed. That facts are confirmed only makes them newer.
const memories = new WeakMap<CompiledAccess["members"], Memory>();

/** What was answered before, if it would be answered again; else what `answer` says now. It may throw. */
export function remembered(view: View, question: string, answer: () => Reply): Reply {
  const { replies } = memoryOf(view);
  const known = replies.get(question);
  if (known !== undefined && known.asOf >= view.freshSince) return known;
  const reply = answer();
  replies.set(question, reply);
  return reply;
}

function memoryOf({ access, revision, readsOnly }: View): Memory {
  const known = memories.get(access.members);
  if (known?.revision === revision && known.readsOnly === readsOnly) return known;
  const replies = new LRUCache<string, Reply>({
    maxSize: MAX_SIZE,
    sizeCalculation: ({ text, needs }, question) => text.length + question.length + ENTRY_COST + NEED_COST * needs.size,
  });
  const memory = { revision, readsOnly, replies };
  memories.set(access.members, memory);
  return memory;
}
