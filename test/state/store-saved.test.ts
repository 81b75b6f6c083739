import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/domain/decide.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import { NOW, packageName } from "../domain/facts-builder.ts";
import { ACME, CORE, held, sketched, WEB } from "./sketched.ts";
import { repositorySlice, slicesOf } from "./slices.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";

const RETIREMENT_MS = DEFAULT_POLICY.names.retirementMs;

const NAME = packageName("acme-core");

/** A store that everything was read into at `NOW`, and one that goes on from it. */
function pair(clock: () => number): { store: Store; again: Store } {
  const store = createStore(ACME, () => NOW);
  store.apply(slicesOf(sketched().facts));
  return { store, again: createStore(ACME, clock, store.saved()) };
}

describe("a store that goes on where another left off", () => {
  it("serves at once what the other served", () => {
    const { store, again } = pair(() => NOW + 1);
    expect(again.saved()).toStrictEqual(store.saved());
    const mayRead = decide(again.view(), { kind: "user", id: 1 }, "read", NAME);
    expect(mayRead).toStrictEqual(decide(store.view(), { kind: "user", id: 1 }, "read", NAME));
    expect([again.view().ready, mayRead.outcome]).toEqual([true, "deny"]);
  });

  it("lets a name stay with who held it, since when they held it, though an older repository declares it by now", () => {
    const { again } = pair(() => NOW + 1);
    again.apply([repositorySlice(WEB, "web", { declares: ["acme-core"], createdAt: -1 })]);
    again.expire();
    expect(again.view().claims.get(NAME)).toEqual(held(CORE, "acme-core"));
  });

  it("knows who declares a name, so that it retires when nobody does", () => {
    const { again } = pair(() => NOW + 1);
    again.apply([repositorySlice(CORE, "core", {})]);
    expect(again.view().claims.get(NAME)).toEqual({ status: "retired", repository: CORE, since: NOW + 1 });
  });

  it("counts the days of a retirement from its beginning", () => {
    const { store } = pair(() => NOW);
    store.apply([repositorySlice(CORE, "core", {}), repositorySlice(WEB, "web", { declares: ["acme-core"] })]);
    let now = NOW + RETIREMENT_MS - 1;
    const again = createStore(ACME, () => now, store.saved());
    again.expire();
    expect(again.view().claims.get(NAME)?.status).toBe("retired");
    now += 1;
    again.expire();
    expect(again.view().claims.get(NAME)).toEqual(held(WEB, "acme-core", now));
  });

  it("is as unready as the other was, and remembers the names", () => {
    const { store } = pair(() => NOW);
    store.forget();
    const saved = store.saved();
    const inForce = { text: undefined, policy: DEFAULT_POLICY };
    const { claims } = store.view();
    const bindings = NO_BINDINGS;
    expect(saved).toEqual({ ready: false, facts: NO_FACTS, claims, inForce, bindings, revision: 2 });
    const again = createStore(ACME, () => NOW, saved);
    expect(again.saved()).toStrictEqual(saved);
    again.apply(slicesOf(sketched({ web: {}, core: { declares: ["acme-core"] } }).facts));
    expect(again.view().claims.get(NAME)?.status).toBe("retired");
  });

  it("does not touch what it was given", () => {
    const { store } = pair(() => NOW);
    const saved = store.saved();
    const again = createStore(ACME, () => NOW, saved);
    again.apply([repositorySlice(CORE, "core", {})]);
    expect(saved.claims.get(NAME)).toEqual(held(CORE, "acme-core"));
    expect(store.view().claims.get(NAME)).toEqual(held(CORE, "acme-core"));
  });
});
