import type { Saved } from "./saved.ts";

/** Saves what changes, soon but not all the time. */
export interface SnapshotWriter {
  /** Something changed. Costs next to nothing, however often it is called. */
  readonly changed: () => void;
  /** Saves now what has changed; resolves once it is saved. For the end of the process. */
  readonly flush: () => Promise<void>;
  /** Resolves once no save is under way. Does not wait for one that is yet to begin. */
  readonly idle: () => Promise<void>;
}

export interface SnapshotWriterOptions {
  /** Takes what there is to save; synchronous, so that it fits together. */
  readonly collect: () => Saved;
  /** Must not reject. */
  readonly save: (saved: Saved) => Promise<void>;
  /** Resolves after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How long changes are gathered before they are saved, and so how much may be lost, in milliseconds. */
const GATHER_MS = 5000;

export function createSnapshotWriter({ collect, save, sleep }: SnapshotWriterOptions): SnapshotWriter {
  let dirty = false;
  let gathering = false;
  let saving: Promise<void> = Promise.resolve();

  const saveChanges = async (): Promise<void> => {
    if (!dirty) return;
    dirty = false;
    await save(collect());
  };
  const write = (): Promise<void> => (saving = saving.then(saveChanges));

  // The wait is never begun anew, so constant changes cannot put the save off for ever.
  const gather = async (): Promise<void> => {
    gathering = true;
    for (; dirty; await write()) await sleep(GATHER_MS);
    gathering = false;
  };

  return {
    changed: () => {
      dirty = true;
      if (!gathering) void gather();
    },
    flush: write,
    idle: () => saving,
  };
}
