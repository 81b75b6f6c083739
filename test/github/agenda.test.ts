import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Urgency } from "../../src/github/agenda.ts";
import { createAgenda, URGENCIES } from "../../src/github/agenda.ts";
import { BATCH } from "../../src/github/reader/reader.ts";
import type { SliceKey } from "../../src/state/slice.ts";

const everything = (): boolean => true;

/** Everything in the order in which it would be read. */
function drain(agenda: ReturnType<typeof createAgenda>, allowed: (urgency: Urgency) => boolean = everything): string[] {
  const order: string[] = [];
  for (let turn = agenda.take(allowed); turn !== undefined; turn = agenda.take(allowed)) {
    order.push(`${turn.urgency}: ${turn.keys.join(" ")}`);
    agenda.done(turn.keys);
  }
  return order;
}

describe("what is read first", () => {
  it("is what somebody told us of, then what nobody would tell us, then what is old", () => {
    const agenda = createAgenda(BATCH);
    agenda.add(["members", "access/1"], "resync");
    agenda.add(["organization"], "poll");
    agenda.add(["access/2"], "hint");
    expect(drain(agenda)).toEqual(["hint: access/2", "poll: organization", "resync: members", "resync: access/1"]);
  });

  it("is read once, at the more urgent of its two places", () => {
    const agenda = createAgenda(BATCH);
    agenda.add(["members", "teams"], "poll");
    agenda.add(["members"], "hint");
    agenda.add(["members", "teams"], "resync");
    expect(drain(agenda)).toEqual(["hint: members", "poll: teams"]);
    expect(URGENCIES.map((urgency) => agenda.waiting(urgency))).toEqual([0, 0, 0]);
  });

  it("is never what may not be read now", () => {
    const agenda = createAgenda(BATCH);
    agenda.add(["members"], "resync");
    agenda.add(["teams"], "poll");
    expect(drain(agenda, (urgency) => urgency !== "resync")).toEqual(["poll: teams"]);
    expect(agenda.waiting("resync")).toBe(1);
    expect(drain(agenda)).toEqual(["resync: members"]);
  });

  it("is neither lost nor read twice at a time, whatever is asked for", () => {
    const key = fc.constantFrom<SliceKey>("members", "teams", "access/1", "access/2", "repository/1", "team-members/7");
    const step = fc.record({ keys: fc.array(key, { maxLength: 4 }), urgency: fc.constantFrom(...URGENCIES) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const agenda = createAgenda(BATCH);
        const best = new Map<SliceKey, number>();
        for (const { keys, urgency } of steps) {
          agenda.add(keys, urgency);
          for (const each of keys) best.set(each, Math.min(best.get(each) ?? 9, URGENCIES.indexOf(urgency)));
        }
        const read: [SliceKey, number][] = [];
        for (let turn = agenda.take(everything); turn !== undefined; turn = agenda.take(everything)) {
          for (const each of turn.keys) read.push([each, URGENCIES.indexOf(turn.urgency)]);
        }
        expect(new Map(read)).toEqual(best);
        expect(read).toHaveLength(best.size);
      }),
      { seed: 20_261_121 },
    );
  });
});
