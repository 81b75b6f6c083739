import type { View } from "../../src/domain/decide.ts";
import type { Slice, SliceKey } from "../../src/state/slice.ts";
import { sliceKey } from "../../src/state/slice.ts";
import type { Oracle } from "../github/support/against-truth.ts";
import type { Organization, User } from "../simulator/index.ts";
import { truth } from "../simulator/oracle.ts";
import type { Cut, Moment } from "./cuts.ts";
import { modelOf, weakerOf } from "./picture-model.ts";

/**
 * The most that may be believed: of each slice the reading in force, less whatever was taken away by webhooks that were
 * received after that reading began, or in the five seconds before, in which replicas lag. It knows neither the store nor the reconciler, and the oracle judges by it.
 */
export interface Picture {
  readonly moment: Moment;
  /** A webhook is received. */
  readonly receive: (cuts: readonly Cut[]) => void;
  /** A reading comes into force. */
  readonly show: (slice: Slice) => void;
  /** What would be true if GitHub were as the picture has it. @param view for who holds which name */
  readonly oracle: (view: View) => Oracle;
}

/** What SECURITY.md says of replicas, milliseconds. */
const LAG_MS = 5000;

/**
 * @param users everybody there is; who is suspended, readings do not show
 * @param now epoch milliseconds
 */
export function createPicture(
  organization: Organization,
  users: ReadonlyMap<number, User>,
  now: () => number,
): Picture {
  const everybody = new Map([...users].map(([id, user]) => [id, { ...user, suspended: false }]));
  const slices = new Map<SliceKey, Slice>();
  const received: { readonly cuts: readonly Cut[]; readonly at: number }[] = [];

  const drop = (isGone: (slice: Slice) => boolean): void => {
    for (const [key, slice] of slices) if (isGone(slice)) slices.delete(key);
  };

  const family = (team: number): Set<number> => {
    const teams = slices.get("teams");
    const parents = teams?.kind === "teams" ? teams.value : new Map<number, never>();
    const found = new Set([team]);
    for (const above of found) for (const [id, { parent }] of parents) if (parent === above) found.add(id);
    return found;
  };

  return {
    moment: { family, weaker: (one, other) => weakerOf(slices, one, other) },
    receive: (cuts) => {
      received.push({ cuts, at: now() });
      for (const cut of cuts) for (const [key, slice] of slices) slices.set(key, cut(slice));
    },
    show: (slice) => {
      const cuts = received.flatMap((each) => (each.at + LAG_MS > slice.asOf ? each.cuts : []));
      const left = cuts.reduce((some, cut) => cut(some), slice);
      slices.set(sliceKey(left), left);
      // What a reading shows to be gone takes along what was read of it.
      if (left.kind === "teams") drop((each) => each.kind === "team-members" && !left.value.has(each.id));
      if (left.kind === "repositories") {
        drop((each) => (each.kind === "repository" || each.kind === "access") && !left.value.has(each.id));
      }
      if (left.kind === "repository" && left.value === undefined) slices.delete(`access/${left.id}`);
    },
    oracle: ({ claims }) => {
      const world = {
        users: everybody,
        organizations: new Map([[organization.id, modelOf(organization, slices, claims)]]),
      };
      return { world, truth: (believed, user, name) => truth(world, believed, user, name, 0) };
    },
  };
}
