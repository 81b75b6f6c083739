import type { Logger } from "pino";
import type { Time } from "../github/time.ts";

/** What the process supplies. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  readonly time: Time;
  /** Monotonic milliseconds with fractions. */
  readonly stopwatch: () => number;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly uuid: () => string;
  readonly log: Logger;
  /** Where a person watches the first reading; `undefined` when nobody does. */
  readonly terminal: { readonly write: (text: string) => unknown } | undefined;
  readonly version: string;
}
