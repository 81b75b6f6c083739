import type { View } from "../domain/decide.ts";

/**
 * How far facts from before the start are believed: not at all; for reading, because GitHub cannot be asked what has
 * happened since; or as if they had been read just now.
 */
export type Trust = "nothing" | "reads" | "everything";

/** What may be served of what is known. */
export interface Serving {
  readonly view: () => View;
  readonly trust: (trust: Trust) => void;
}

export interface ServingOptions {
  /** What is known. */
  readonly view: () => View;
  readonly trust: Trust;
  /** Milliseconds after which a fact that was not confirmed again is believed no more. */
  readonly maxStaleness: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A view is good for so many milliseconds: it is made for the end of this time, so that no fact is used too late. */
const GOOD_FOR_MS = 1000;

export function createServing({ view, maxStaleness, now, ...options }: ServingOptions): Serving {
  let trust = options.trust;
  let served: { readonly known: View; readonly view: View; readonly from: number } | undefined;

  const made = (known: View, from: number): View => {
    const ready = known.ready && trust !== "nothing";
    const freshSince = from + GOOD_FOR_MS - maxStaleness;
    const view = { ...known, ready, readsOnly: trust === "reads", freshSince };
    served = { known, view, from };
    return view;
  };

  return {
    view: () => {
      const known = view();
      const at = now();
      if (served?.known !== known || at < served.from || at >= served.from + GOOD_FOR_MS) return made(known, at);
      return served.view;
    },
    trust: (next) => {
      trust = next;
      served = undefined;
    },
  };
}
