import type { Facts } from "../domain/facts.ts";
import type { Slice, SliceKey } from "../state/slice.ts";
import { sliceKey, sliceKind } from "../state/slice.ts";
import type { Agenda, Turn } from "./agenda.ts";
import type { Doubts } from "./doubts.ts";
import type { Generations } from "./generations.ts";
import type { Person } from "./plans/plan.ts";
import type { ReconcilerOptions } from "./reconciler.ts";
import type { Attempt, DoubtKey } from "./retries.ts";

/** Something to be done with GitHub. */
export interface Task extends Attempt {
  readonly work: () => Promise<void>;
  readonly finished?: () => void;
}

export interface ReadingOptions extends Pick<ReconcilerOptions, "reader" | "facts" | "apply" | "withheld" | "onDrift"> {
  readonly generations: Generations;
  readonly agenda: Agenda;
  readonly doubts: Doubts<DoubtKey>;
  /** These are in force, and are not in doubt any more; of some, something was withheld. */
  readonly onRead: (keys: readonly SliceKey[], next: readonly SliceKey[], cut: readonly SliceKey[]) => void;
  readonly hint: (keys: readonly SliceKey[]) => void;
  readonly stopped: () => boolean;
}

/** Reads slices and applies them, unless something has happened to them since the reading began. */
export function readingOf({ keys, urgency }: Turn, options: ReadingOptions): Task {
  const { reader, facts, apply, withheld, generations, agenda, doubts, onRead, hint, onDrift, stopped } = options;
  const pending = new Set<SliceKey>(keys);
  const began = generations.current();

  const emit = (slices: readonly Slice[]): void => {
    if (stopped()) return;
    const before = facts();
    const current = slices
      .filter((slice) => generations.isCurrent(sliceKey(slice), began))
      .map((slice) => withNewcomers(slice, before, generations, began));
    const believed = current.map((slice) => withheld.from(slice, before));
    const { changed, next } = apply(believed);
    for (const slice of slices) pending.delete(sliceKey(slice));
    const drifted = urgency === "resync" ? changed.filter((key) => !doubts.has(key)) : [];
    if (drifted.length > 0) onDrift(drifted);
    onRead(believed.map(sliceKey), next, believed.filter((slice, index) => slice !== current[index]).map(sliceKey));
    // Where a team moved, what is being read may still hold what came from its former parents.
    if (before.teams !== undefined && changed.includes("teams")) hint(agenda.underWay("access"));
    // What is being read of repositories is read where the former policy had it.
    if (next.includes("repositories")) hint(agenda.underWay("repository"));
  };

  return {
    what: sliceKind(keys[0]),
    work: () => reader.read(keys, facts(), emit),
    finished: () => agenda.done(keys),
    left: () => [...pending],
    again: (wanted) => hint([...pending].filter((key) => wanted.has(key))),
  };
}

export interface DiscoveryOptions extends Pick<ReconcilerOptions, "reader" | "facts"> {
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
