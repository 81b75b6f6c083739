import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode, readHeader } from "../../src/snapshot/format.ts";
import type { Saved } from "../../src/snapshot/saved.ts";
import { seal, unseal } from "../../src/snapshot/seal.ts";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import { anyFacts } from "../properties/arbitraries.ts";
import { anyChange, happen } from "../properties/changes.ts";
import { checkProperty } from "../properties/check.ts";
import { decideAll } from "../properties/decisions.ts";
import { expectSame } from "../properties/same.ts";
import { slicesOf } from "../state/slices.ts";
import { everything, IDENTITY, snapshotsIn, readPolicy } from "./samples.ts";

const ACME = { id: 1, login: "acme" };
const DAY_MS = 86_400_000;

function restarted(saved: Saved): Saved {
  const text = [...seal(encode(saved, IDENTITY))].join("");
  const { first, lines } = unseal(Buffer.from(text), readHeader);
  return decode(first, lines, IDENTITY, readPolicy);
}

// fast-check also makes objects without a prototype, which would differ from those that are read back.
const facts = anyFacts.map((each) => structuredClone(each));
const change = anyChange.map((each) => structuredClone(each));
/** Everything a store can be asked. How access is laid out in memory depends on its history; what it decides does not. */
function told(store: Store) {
  const { access: _, ...view } = store.view();
  return { ...view, decisions: decideAll(store.view()) };
}

const history = fc.array(fc.tuple(change, fc.constantFrom(0, 1, 45, 90)), { maxLength: 6 });

describe("a snapshot", () => {
  it("brings back everything as it was", async () => {
    const { save, load, warnings } = await snapshotsIn();
    const saved = everything();
    await save(saved);
    expectSame(await load(), saved);
    expect(warnings).toEqual([]);
  });

  it("brings back nothing at all, too", () => {
    const saved = { writtenAt: 1, followed: new Map(), organizations: [] };
    expectSame(restarted(saved), saved);
  });

  it("lets a store go on as if nothing had happened, whatever happened before and happens next", () => {
    const met = { ready: 0, unready: 0, contested: 0, retired: 0, pinned: 0, unbound: 0, allowed: 0, expired: 0 };
    checkProperty(
      fc.property(facts, history, history, (facts, before, after) => {
        let now = 0;
        const original = createStore(ACME, () => now);
        original.apply(slicesOf(facts));
        for (const [change, days] of before) {
          now += days * DAY_MS;
          happen(original, change);
        }

        const organization = { ...original.saved(), organization: ACME, doubts: [], sweptUntil: 1, grant: "g" };
        const saved: Saved = { writtenAt: now, followed: new Map(), organizations: [organization] };
        const back = restarted(saved);
        expectSame(back, saved);
        const again = createStore(ACME, () => now, back.organizations[0]);
        expectSame(told(again), told(original));
        const { decisions } = told(again);
        met[again.view().ready ? "ready" : "unready"] += 1;
        met.allowed += decisions.filter(({ outcome }) => outcome === "allow").length;
        for (const { status } of again.view().claims.values()) {
          if (status !== "held") met[status] += 1;
        }
        for (const [change, days] of after) {
          now += days * DAY_MS;
          const names = again.view().claims.size;
          if (change.kind === "apply") expectSame(again.apply(change.slices), original.apply(change.slices));
          else for (const store of [again, original]) happen(store, change);
          expectSame(told(again), told(original));
          if (change.kind === "expire" && again.view().claims.size < names) met.expired += 1;
        }
      }),
    );
    for (const [what, times] of Object.entries(met)) expect([what, times > 4]).toEqual([what, true]);
  });

  it("is not changed by what happens to the store afterwards", () => {
    checkProperty(
      fc.property(facts, fc.array(change, { maxLength: 4 }), (facts, after) => {
        const store = createStore(ACME, () => 0);
        store.apply(slicesOf(facts));
        const saved = store.saved();
        const copy = structuredClone(saved);
        for (const change of after) happen(store, change);
        expectSame(saved, copy);
      }),
      200,
    );
  });
});

describe("a snapshot's text", () => {
  it("says only what it is meant to say: no token, no key, no secret has a place in it", () => {
    const keys = new Set<string>();
    for (const line of encode(everything(), IDENTITY)) {
      JSON.parse(line, (key, value: unknown) => {
        if (!/^\d*$/.test(key)) keys.add(key);
        return value;
      });
    }
    const meant =
      "apiUrl appId archived asOf base basePermission bindings claims codeblock collaborators column createdAt " +
      "declarations doubts faults followed fork format former grant id kind level line login message name nodeId organization " +
      "owner parent path pin policy problems ready repository revision rivals role since slices slug status sweptUntil " +
      "teams text users value version visibility writtenAt";
    expect([...keys].toSorted().join(" ")).toBe(meant);
  });

  it("leaves out what an object carries beyond its type", () => {
    const more = { secret: "canary" };
    const { writtenAt, followed, organizations } = everything();
    const carrying = organizations.map((each) => ({
      ...each,
      ...more,
      organization: { ...each.organization, ...more },
    }));
    const lines = [...encode({ writtenAt, followed, organizations: carrying, ...more }, { ...IDENTITY, ...more })];
    expect(lines).toEqual([...encode(everything(), IDENTITY)]);
  });

  it("is made a little at a time, however large the organization", () => {
    let made = 0;
    const lines = function* (): Generator<string> {
      for (; made < 1000; made += 1) yield "x".repeat(1000);
    };
    const chunks = seal(lines());
    for (let last = 0; chunks.next().done !== true; last = made) expect(made - last).toBeLessThan(50);
    expect(made).toBe(1000);
  });
});
