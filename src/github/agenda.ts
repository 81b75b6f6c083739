import type { SliceKey, SliceKind } from "../state/slice.ts";
import { KEYED_KINDS, SHARED_KINDS, sliceKind } from "../state/slice.ts";

/** What is to be read: each slice once, however often it is asked for, and never twice at a time. */
export interface Agenda {
  readonly add: (keys: Iterable<SliceKey>) => void;
  /** The next slices that may be read together, all of one kind; they are under way until {@link done}. */
  readonly take: () => readonly SliceKey[];
  readonly done: (keys: readonly SliceKey[]) => void;
  readonly underWay: (kind: SliceKind) => readonly SliceKey[];
  /** How many wait. */
  readonly waiting: () => number;
}

/** What must be known before the rest makes sense comes first. */
const ORDER: readonly SliceKind[] = [...SHARED_KINDS, ...KEYED_KINDS];

/** @param batch how many slices of a kind are taken together */
export function createAgenda(batch: Readonly<Record<SliceKind, number>>): Agenda {
  const queues = new Map<SliceKind, Set<SliceKey>>(ORDER.map((kind) => [kind, new Set()]));
  const reading = new Set<SliceKey>();

  const takeFrom = (queue: Set<SliceKey>, most: number): SliceKey[] => {
    const keys: SliceKey[] = [];
    for (const key of queue) {
      if (keys.length === most) break;
      // Asked for again while it is being read: its turn comes when that reading is over.
      if (!reading.has(key)) keys.push(key);
    }
    for (const key of keys) {
      queue.delete(key);
      reading.add(key);
    }
    return keys;
  };

  return {
    add: (keys) => {
      for (const key of keys) queues.get(sliceKind(key))?.add(key);
    },
    take: () => {
      for (const [kind, queue] of queues) {
        const keys = takeFrom(queue, batch[kind]);
        if (keys.length > 0) return keys;
      }
      return [];
    },
    done: (keys) => {
      for (const key of keys) reading.delete(key);
    },
    underWay: (kind) => [...reading].filter((key) => sliceKind(key) === kind),
    waiting: () => [...queues.values()].reduce((sum, { size }) => sum + size, 0),
  };
}
