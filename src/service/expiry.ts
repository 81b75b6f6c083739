import { every } from "../github/every.ts";
import type { Session } from "../github/session.ts";
import type { Time } from "../github/time.ts";

/** How late a name may be free again whose retirement is over, in milliseconds: an hour. */
const INTERVAL_MS = 60 * 60 * 1000;

/** Frees names whose retirement is over. @returns what ends it */
export function expireRegularly(sessions: () => readonly Session[], time: Time, onExpired: () => void): () => void {
  return every(
    () => INTERVAL_MS,
    time,
    () => {
      for (const session of sessions()) session.expire();
      onExpired();
    },
  );
}
