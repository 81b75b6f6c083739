import type { SliceKey, SliceKind } from "../state/slice.ts";
import { KEYED_KINDS, SHARED_KINDS, sliceKind } from "../state/slice.ts";

/**
 * Why a slice is to be read, most urgent first: somebody told us of a change; nobody would tell us (a poll); it was
 * confirmed too long ago (the resync).
 */
export const URGENCIES = ["hint", "poll", "resync"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** What is to be read: each slice once, however often it is asked for, and never twice at a time. */
export interface Agenda {
  /** A slice that waits already keeps the more urgent of its two places. */
  readonly add: (keys: Iterable<SliceKey>, urgency: Urgency) => void;
  /**
   * The next slices that may be read together, all of one kind; they are under way until {@link done}.
   *
   * @param allowed which urgencies may be read now
   */
  readonly take: (allowed: (urgency: Urgency) => boolean) => Turn | undefined;
  readonly done: (keys: readonly SliceKey[]) => void;
  readonly underWay: (kind: SliceKind) => readonly SliceKey[];
  /** How many wait. */
  readonly waiting: (urgency: Urgency) => number;
}

export interface Turn {
  readonly keys: readonly [SliceKey, ...SliceKey[]];
  readonly urgency: Urgency;
}

/** What must be known before the rest makes sense comes first. */
const ORDER: readonly SliceKind[] = [...SHARED_KINDS, ...KEYED_KINDS];

/** @param batch how many slices of a kind are taken together */
export function createAgenda(batch: Readonly<Record<SliceKind, number>>): Agenda {
  const lanes = new Map(URGENCIES.map((urgency) => [urgency, createLane()] as const));
  const reading = new Set<SliceKey>();

  const takeFrom = (queue: Set<SliceKey>, most: number): Turn["keys"] | undefined => {
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
    const [first, ...rest] = keys;
    return first === undefined ? undefined : [first, ...rest];
  };

  const place = (key: SliceKey, urgency: Urgency): void => {
    const kind = sliceKind(key);
    let placed = false;
    // The most urgent first.
    for (const [other, lane] of lanes) {
      const queue = lane.get(kind);
      if (other === urgency) {
        queue?.add(key);
        placed = true;
      } else if (placed)
        // One reading serves both.
        queue?.delete(key);
      else if (queue?.has(key) === true) return;
    }
  };

  return {
    add: (keys, urgency) => {
      for (const key of keys) place(key, urgency);
    },
    take: (allowed) => {
      for (const [urgency, lane] of lanes) {
        if (!allowed(urgency)) continue;
        for (const [kind, queue] of lane) {
          const keys = takeFrom(queue, batch[kind]);
          if (keys !== undefined) return { keys, urgency };
        }
      }
      return undefined;
    },
    done: (keys) => {
      for (const key of keys) reading.delete(key);
    },
    underWay: (kind) => [...reading].filter((key) => sliceKind(key) === kind),
    waiting: (urgency) => [...(lanes.get(urgency)?.values() ?? [])].reduce((sum, { size }) => sum + size, 0),
  };
}

function createLane(): ReadonlyMap<SliceKind, Set<SliceKey>> {
  return new Map(ORDER.map((kind) => [kind, new Set<SliceKey>()]));
}
