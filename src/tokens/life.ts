import type { Bound } from "./claims.ts";

/** For how long a token of ours lives, in milliseconds: as long as a run may need it, and a working day. */
export const LIFE_MS: Readonly<Record<Bound["kind"], number>> = { run: 900_000, user: 12 * 60 * 60 * 1000 };

/** Tokens know whole seconds only. */
export function wholeSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
