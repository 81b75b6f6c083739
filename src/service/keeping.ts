import { every } from "../github/every.ts";
import type { Time } from "../github/time.ts";
import type { Tokens } from "./tokens.ts";

/** How soon what could not be written is tried again, in milliseconds: a minute. */
const INTERVAL_MS = 60_000;

/** Writes down what was ended and could not be, as soon as that works. @returns what ends it */
export function keepRegularly({ kept }: Pick<Tokens, "kept">, time: Time): () => void {
  return every(
    () => INTERVAL_MS,
    time,
    () => void kept(),
  );
}
