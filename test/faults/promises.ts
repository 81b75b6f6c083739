import * as fc from "fast-check";
import type { Kind, PlayOptions, Sequence } from "./sequence.ts";
import { anySequence, play } from "./sequence.ts";
import { INTERVALS } from "./stage.ts";

/**
 * What holds for any sequence of edits (with and without webhooks), of webhooks (in any order, late, repeated, lost),
 * and of reads (slow, failing half-way, answered by replicas that lag), before and after the first reading is complete.
 *
 * At every step, which is after each webhook that is followed, before it is answered, and after each reading that is
 * applied: *whatever is allowed follows from the readings in force, of each slice the one applied last, less
 * everything that was taken away by webhooks received after that reading began, or less than five seconds before.*
 * Hence
 *
 * - a revocation bites before its webhook is answered, and nothing that was read before it, nor any webhook, in
 *   whatever order, undoes it; only a reading that began five seconds later does, which is GitHub saying so again,
 *   and not a replica that lags;
 * - doubt allows nothing: a webhook adds no right, and what has not been read gives none.
 *
 * That is all that can hold. GitHub's own word may be older still, for some replicas lag longer; and readings of different moments
 * together may give somebody what was true at no single moment: until the webhook comes, or else the resync.
 *
 * At the end, when a poll and one resync interval have passed without faults: *every decision is the oracle's.*
 * And without a resync, in five minutes: the same, where every change has a webhook that came at some time.
 */
export function promises(kind: Kind, options: PlayOptions = kind.heard ? SOON : {}): fc.IAsyncProperty<[Sequence]> {
  return fc.asyncProperty(anySequence(kind), async (sequence) => {
    const { overreach, divergences } = await play(sequence, options);
    const broken = [...overreach, ...divergences];
    if (broken.length > 0) throw new Error(broken.slice(0, 10).join("\n"));
  });
}

/** A resync that never comes. */
export const NO_RESYNC: PlayOptions = { intervals: { ...INTERVALS, resync: Number.MAX_SAFE_INTEGER } };
/** Re-reads, their next tries (what is gone is looked for once a minute), and a poll come within five minutes. */
export const SOON: PlayOptions = { ...NO_RESYNC, after: 300_000 };
