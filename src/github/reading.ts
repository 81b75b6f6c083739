import type { Facts } from "../domain/facts.ts";
import type { Slice, SliceKey } from "../state/slice.ts";
import { sliceKey, sliceKind } from "../state/slice.ts";
import type { Applied } from "../state/store.ts";
import type { Agenda, Turn } from "./agenda.ts";
import type { Doubts } from "./doubts.ts";
import type { Generations } from "./generations.ts";
import type { Person } from "./plans/plan.ts";
import type { Reader } from "./reader/reader.ts";
import type { Attempt, DoubtKey } from "./retries.ts";

/** Something to be done with GitHub. */
export interface Task extends Attempt {
  readonly work: () => Promise<void>;
  readonly finished?: () => void;
}

export interface ReadingOptions {
  readonly reader: Reader;
  readonly facts: () => Facts;
  readonly apply: (slices: readonly Slice[]) => Applied;
  readonly generations: Generations;
  readonly agenda: Agenda;
  readonly doubts: Doubts<DoubtKey>;
  /** These are in force, and are not in doubt any more. */
  readonly onRead: (keys: readonly SliceKey[], next: readonly SliceKey[]) => void;
  readonly hint: (keys: readonly SliceKey[]) => void;
  readonly onDrift: (keys: readonly SliceKey[]) => void;
  readonly stopped: () => boolean;
}

/** Reads slices and applies them, unless something has happened to them since the reading began. */
export function readingOf({ keys, urgency }: Turn, options: ReadingOptions): Task {
  const { reader, facts, apply, generations, agenda, doubts, onRead, hint, onDrift, stopped } = options;
  const pending = new Set<SliceKey>(keys);
  const began = generations.current();

  const emit = (slices: readonly Slice[]): void => {
    if (stopped()) return;
    const current = slices.filter((slice) => generations.isCurrent(sliceKey(slice), began));
    const hadTeams = facts().teams !== undefined;
    const { changed, next } = apply(current.map((slice) => withNewcomers(slice, facts(), generations, began)));
    for (const slice of slices) pending.delete(sliceKey(slice));
    const drifted = urgency === "resync" ? changed.filter((key) => !doubts.has(key)) : [];
    if (drifted.length > 0) onDrift(drifted);
    onRead(current.map(sliceKey), next);
    // Where a team moved, what is being read may still hold what came from its former parents.
    // What is being read of repositories is read where the former policy had it.
    if (next.includes("repositories")) hint(agenda.underWay("repository"));
    if (hadTeams && changed.includes("teams")) hint(agenda.underWay("access"));
  };

  return {
    what: sliceKind(keys[0]),
    work: () => reader.read(keys, facts(), emit),
    finished: () => agenda.done(keys),
    left: () => [...pending],
    again: (wanted) => hint([...pending].filter((key) => wanted.has(key))),
  };
}

export interface DiscoveryOptions {
  readonly reader: Reader;
  readonly facts: () => Facts;
  readonly doubts: Doubts<DoubtKey>;
  readonly follow: (keys: readonly SliceKey[]) => void;
  readonly discover: (people: readonly Person[]) => void;
}

/** Finds out what concerns a person, and has it read. */
export function discoveryOf(person: Person, { reader, facts, doubts, follow, discover }: DiscoveryOptions): Task {
  const key = `user/${person.id}` as const;
  return {
    what: key,
    work: async () => {
      follow(await reader.discover(person, facts()));
      doubts.settle(key);
    },
    left: () => [key],
    again: () => discover([person]),
  };
}

/** A list that was being walked while a repository appeared does not name it, and must not make it disappear. */
function withNewcomers(slice: Slice, { repositories }: Facts, generations: Generations, began: number): Slice {
  if (slice.kind !== "repositories") return slice;
  const newcomers = [...repositories.keys()].filter((id) => !generations.isCurrent(`repository/${id}`, began));
  return { ...slice, value: new Set([...slice.value, ...newcomers]) };
}
