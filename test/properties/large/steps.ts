import type { Facts } from "../../../src/domain/facts.ts";
import { revoke } from "../../../src/state/revoke.ts";
import type { Slice } from "../../../src/state/slice.ts";
import type { Store } from "../../../src/state/store.ts";
import type { Random } from "../../simulator/random.ts";
import { COMMON, RARE } from "./edits.ts";
import { anyRevocation } from "./revocations.ts";

/** Something that happens to a store. */
export interface Step {
  readonly what: string;
  /** How long it takes until it happens, milliseconds. */
  readonly after: number;
  readonly happen: (store: Store) => void;
  /** What becomes of the slices that it is about. */
  readonly slices: readonly Slice[];
}

const MINUTE_MS = 60_000;
/** Three times this is longer than a name rests. */
const LONG_MS = 40 * 24 * 60 * MINUTE_MS;

/** @param now epoch milliseconds */
export function anyStep(facts: Facts, random: Random, now: number): Step {
  const chance = random.below(100);
  if (chance < 30) {
    const revocation = anyRevocation(facts, random);
    const slices = revoke(facts, revocation);
    return { what: `revoked: ${revocation.kind}`, after: MINUTE_MS, happen: (to) => to.revoke(revocation), slices };
  }
  if (chance < 32) return { what: "names expire", after: LONG_MS, happen: (to) => to.expire(), slices: [] };
  const [what, edit] = random.pick(Object.entries(chance < 37 ? RARE : COMMON));
  const slices = edit(facts, random, now);
  return { what: `read: ${what}`, after: MINUTE_MS, happen: (to) => to.apply(slices), slices };
}
