import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { codeOf, removeLeftovers, replaceFile } from "./files.ts";
import { encode } from "./format.ts";
import { readSnapshot } from "./read-file.ts";
import { Refusal } from "./refusal.ts";
import type { Identity, Saved } from "./saved.ts";
import { seal } from "./seal.ts";
import type { ReadPolicy } from "./slices.ts";

/** Where state outlives the process. Neither function ever rejects: without a snapshot everything is read from GitHub. */
export interface Snapshots {
  /**
   * What was saved last; `undefined` when there is nothing, or nothing that may be used. What may not be used is
   * warned of and set aside as `state.gz.refused`, so that the next save does not destroy it.
   */
  readonly load: () => Promise<Saved | undefined>;
  /** Replaces what was saved, after any save that is still under way. When it fails, what was saved before stays whole. */
  readonly save: (saved: Saved) => Promise<void>;
}

const NOWHERE: Snapshots = { load: () => Promise.resolve(undefined), save: () => Promise.resolve() };

/**
 * Keeps one file, `state.gz`, in a folder that is made at the first save.
 *
 * @param folder `undefined`: nothing is kept
 * @param readPolicy what a policy's text means
 * @param warn takes one sentence, and what was thrown for the log
 */
export function openSnapshots(
  folder: string | undefined,
  identity: Identity,
  readPolicy: ReadPolicy,
  warn: (sentence: string, cause: unknown) => void,
): Snapshots {
  if (folder === undefined) return NOWHERE;
  const file = join(folder, "state.gz");
  let last: Promise<void> = Promise.resolve();
  let failing = false;

  const write = async (saved: Saved): Promise<void> => {
    try {
      await replaceFile(file, seal(encode(saved, identity)));
      failing = false;
    } catch (error) {
      // It is tried again at every change: once said, it need not be said every few seconds.
      if (!failing) warn(notWritten(file, codeOf(error)), error);
      failing = true;
    }
  };

  return {
    load: async () => {
      await removeLeftovers(file).catch(() => undefined);
      try {
        return await readSnapshot(file, identity, readPolicy);
      } catch (error) {
        warn(await setAside(file, error), error);
        return undefined;
      }
    },
    save: (saved) => (last = last.then(() => write(saved))),
  };
}

/** @returns the sentence that says so */
async function setAside(file: string, error: unknown): Promise<string> {
  const problem = error instanceof Refusal ? error.message : "cannot be understood";
  const aside = `${file}.refused`;
  const kept = await rename(file, aside).then(
    () => `the file is kept as ${basename(aside)}`,
    () => undefined,
  );
  const advice = error instanceof Refusal ? error.advice : undefined;
  const consequences = ["everything is read from GitHub again", kept, advice].filter((part) => part !== undefined);
  return `The snapshot ${file} ${problem}: ${consequences.join("; ")}.`;
}

const CURES: Readonly<Record<string, string>> = {
  ENOSPC: "make room on the disk",
  EDQUOT: "make room on the disk",
  EACCES: "let this process write to the folder",
  EPERM: "let this process write to the folder",
  EROFS: "name a folder in PACKGATE_STATE that may be written to",
};

function notWritten(file: string, code: string): string {
  const cure = CURES[code] ?? "check the folder that PACKGATE_STATE names";
  return `The snapshot ${file} cannot be written (${code}), so a restart would begin with an older one or none: ${cure}.`;
}
