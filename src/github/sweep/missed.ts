import { isKnownEvent } from "../webhooks.ts";
import type { Attempt } from "./log.ts";

export interface Outcome {
  /** One attempt, the latest, of each event that has to be followed; the oldest event first. */
  readonly missed: readonly Attempt[];
  /** How many events no attempt brought to us, says GitHub. */
  readonly failed: number;
}

/**
 * What a log tells about events, of which each may have been attempted several times.
 *
 * @param attempts newest first
 * @param isDone whether an event has been followed; `arrived` is GitHub's word on whether any attempt reached us
 */
export function outcomeOf(attempts: readonly Attempt[], isDone: (guid: string, arrived: boolean) => boolean): Outcome {
  const arrived = new Set(attempts.filter((attempt) => attempt.arrived).map(({ guid }) => guid));
  const latest = new Map(attempts.toReversed().map((attempt) => [attempt.guid, attempt]));
  const missed = [...latest.values()].filter(
    ({ guid, event }) => isKnownEvent(event) && !isDone(guid, arrived.has(guid)),
  );
  return { missed, failed: latest.size - arrived.size };
}
