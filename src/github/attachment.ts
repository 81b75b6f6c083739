import type { View } from "../domain/decide.ts";
import type { Slice, SliceKey } from "../state/slice.ts";
import type { Applied } from "../state/store.ts";
import type { AuditResult, Pair } from "./audit.ts";
import type { Budget } from "./budget.ts";
import type { GitHubFailure } from "./failure.ts";
import type { Reader } from "./reader/reader.ts";
import type { Reconciler } from "./reconciler.ts";
import { createReconciler } from "./reconciler.ts";
import { failureOf } from "./retries.ts";
import type { Time } from "./time.ts";
import type { Withheld } from "./withheld.ts";
import type { Intervals } from "./upkeep.ts";
import { createUpkeep } from "./upkeep.ts";

/** An organization being read by one installation, under one grant. */
export interface Attachment {
  readonly grant: string;
  readonly installation: number;
  readonly reconciler: Reconciler;
  /** Asks at once about what has no webhook. */
  readonly begin: () => void;
  /** Reads nothing more. */
  readonly stop: () => void;
}

/** How an organization is read, and who is told of what is found. */
export interface Attaching {
  readonly open: (installation: number) => { readonly reader: Reader; readonly budget: Budget };
  readonly intervals: Intervals;
  readonly time: Time;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The resync found slices to be other than we believed. */
  readonly onDrift: (keys: readonly SliceKey[]) => void;
  /** Our word on a permission was compared with GitHub's own. */
  readonly onAudit: (result: AuditResult, pair: Pair) => void;
  readonly onFailure: (what: string, failure: GitHubFailure, cause: unknown) => void;
}

export interface AttachmentOptions extends Attaching {
  readonly grant: string;
  readonly installation: number;
  readonly view: () => View;
  readonly apply: (slices: readonly Slice[]) => Applied;
  readonly withheld: Withheld;
  readonly missing: () => readonly SliceKey[];
  readonly onSettled: (milliseconds: number) => void;
}

export function attach(options: AttachmentOptions): Attachment {
  const { grant, installation, view, onFailure } = options;
  const line = options.open(installation);
  const reconciler = createReconciler({ ...options, ...line, facts: () => view().facts });
  const upkeep = createUpkeep({
    ...options,
    ...line,
    reconciler,
    onFailure: (what, thrown) => onFailure(what, failureOf(what, thrown), thrown),
  });
  return {
    grant,
    installation,
    reconciler,
    begin: upkeep.begin,
    stop: () => {
      upkeep.stop();
      reconciler.stop();
    },
  };
}
