import type { Facts } from "../domain/facts.ts";
import { NO_FACTS } from "../domain/facts.ts";
import { descendants } from "../domain/team-tree.ts";
import { reduce } from "../state/reduce.ts";
import type { Revocation } from "../state/revoke.ts";
import { revoke } from "../state/revoke.ts";
import type { Slice, SliceKey } from "../state/slice.ts";
import { sliceKey } from "../state/slice.ts";
import { ECHO_MS } from "./echoes.ts";

/**
 * What webhooks took away a moment ago. The replica that answers a reading may not have the change yet, so what was
 * taken from somebody no reading gives back that began less than five seconds later: it may only take away more. The
 * echo of that reading, which begins later, is believed. Nobody else's rights wait for it.
 */
export interface Withheld {
  /**
   * Something was taken away.
   *
   * @param at when, in epoch milliseconds
   * @param facts as they were before
   */
  readonly add: (revocation: Revocation, at: number, facts: Facts) => void;
  /** What may be believed of a reading: the very same where nothing is withheld from it. */
  readonly from: (slice: Slice, facts: Facts) => Slice;
  /** Forgets what no reading may show again that began at this moment or later, epoch milliseconds. */
  readonly forget: (oldest: number) => void;
}

/** Milliseconds that replicas lag as a rule: as long as the first echo waits, so that it is the one to be believed. */
export const LAG_MS = ECHO_MS[0];

interface Withholding {
  readonly revocation: Revocation;
  /** Epoch milliseconds. What began to be read before, the generation guard voids. */
  readonly at: number;
}

export function createWithheld(): Withheld {
  /** By the only slice that each is about; of the same one, told of again, the last counts. */
  const withheld = new Map<SliceKey | undefined, Map<string, Withholding>>();

  const put = (revocation: Revocation, at: number): void => {
    const text = JSON.stringify(revocation);
    for (const key of keysOf(revocation)) {
      const there = withheld.get(key) ?? new Map<string, Withholding>();
      there.set(text, { revocation, at: Math.max(at, there.get(text)?.at ?? at) });
      withheld.set(key, there);
    }
  };

  return {
    add: (revocation, at, facts) => {
      for (const each of spelledOut(revocation, facts)) put(each, at);
    },
    from: (slice, facts) => {
      let left = slice;
      for (const key of [sliceKey(slice), undefined]) {
        for (const { revocation, at } of withheld.get(key)?.values() ?? []) {
          if (slice.asOf >= at && slice.asOf < at + LAG_MS) left = less(left, revocation, facts);
        }
      }
      return left;
    },
    forget: (oldest) => {
      for (const [key, there] of withheld) {
        for (const [text, { at }] of there) if (at + LAG_MS <= oldest) there.delete(text);
        if (there.size === 0) withheld.delete(key);
      }
    },
  };
}

/** What a team lost its children lost; whose child a team was, a later reading may show otherwise. */
function spelledOut(revocation: Revocation, { teams }: Facts): readonly Revocation[] {
  if (revocation.kind !== "team" && revocation.kind !== "team-grant") return [revocation];
  return [...descendants(revocation.team, teams?.value ?? new Map())].map((team) => ({ ...revocation, team }));
}

/** The slices that a revocation is about; `undefined`: there may be any number of them. */
function keysOf(revocation: Revocation): readonly (SliceKey | undefined)[] {
  switch (revocation.kind) {
    case "team-member":
      return [`team-members/${revocation.team}`];
    case "team-grant":
    case "collaborator":
      return [`access/${revocation.repository}`];
    case "repository":
      return [`repository/${revocation.repository}`, `access/${revocation.repository}`];
    case "archived":
    case "private":
      return [`repository/${revocation.repository}`];
    case "member":
    case "blocked":
    case "team":
      return [undefined];
  }
}

function less(slice: Slice, revocation: Revocation, { teams, customRoles }: Facts): Slice {
  // A repository takes along what was read of it, which by itself shows nothing of that.
  if (revocation.kind === "repository" && slice.kind === "access") return { ...slice, value: undefined };
  const alone = reduce({ ...NO_FACTS, teams, customRoles }, [slice]);
  return revoke(alone, revocation).find((cut) => sliceKey(cut) === sliceKey(slice)) ?? slice;
}
