import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { compileAccess } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claims.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { missing } from "../../src/state/missing.ts";
import type { Slice } from "../../src/state/slice.ts";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import { NOW, packageName, pathOf } from "../domain/facts-builder.ts";
import { sourcesOf } from "../domain/views.ts";
import { ACME, CORE, held, sketched, WEB } from "./sketched.ts";
import { repositorySlice, slicesOf } from "./slices.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";

const RETIREMENT_MS = DEFAULT_POLICY.names.retirementMs;

let now = NOW;
let store: Store;
beforeEach(() => {
  now = NOW;
  store = createStore(ACME, () => now);
});

function claim(text: string): Claim | undefined {
  return store.view().claims.get(packageName(text));
}

describe("names", () => {
  const apply = (...slices: Slice[]): unknown => store.apply(slices);

  it("are settled together once everything has been read: the order of reading decides nothing", () => {
    const { facts } = sketched({
      core: { declares: ["acme-core"], createdAt: 9 },
      web: { declares: ["acme-core"], createdAt: 1 },
    });
    const [last, ...rest] = slicesOf(facts).toReversed();
    apply(...rest.toReversed());
    expect(store.view().claims).toEqual(new Map());
    if (last !== undefined) apply(last);
    expect(claim("acme-core")).toEqual({
      ...held(WEB, "acme-core"),
      status: "contested",
      rivals: [{ repository: CORE, path: pathOf("acme-core") }],
    });
  });

  it("belong afterwards to whoever declares them first", () => {
    apply(...slicesOf(sketched().facts));
    now += 1;
    apply(repositorySlice(WEB, "web", { declares: ["acme-web", "acme-core"], createdAt: -1 }));
    expect(claim("acme-web")).toEqual(held(WEB, "acme-web", NOW + 1));
    expect(claim("acme-core")).toEqual(held(CORE, "acme-core"));
  });

  it("stay while a manifest is broken, and retire when it is mended without them", () => {
    apply(...slicesOf(sketched().facts));
    apply(repositorySlice(CORE, "core", { broken: ["acme-core"] }));
    expect(claim("acme-core")).toEqual(held(CORE, "acme-core"));
    apply(repositorySlice(CORE, "core", {}));
    expect(claim("acme-core")).toEqual({ status: "retired", repository: CORE, since: NOW });
  });

  it("retire with a repository that leaves the list", () => {
    apply(...slicesOf(sketched().facts));
    apply({ kind: "repositories", asOf: NOW, value: new Set([WEB]) });
    expect(claim("acme-core")).toEqual({ status: "retired", repository: CORE, since: NOW });
  });

  it("are free when their retirement is over, and not before", () => {
    apply(...slicesOf(sketched().facts));
    apply(repositorySlice(CORE, "core", {}));
    const { revision } = store.view();
    now += RETIREMENT_MS - 1;
    store.expire();
    expect(claim("acme-core")?.status).toBe("retired");
    expect(store.view().revision).toBe(revision);
    now += 1;
    store.expire();
    expect(claim("acme-core")).toBeUndefined();
    expect(store.view().revision).toBe(revision + 1);
  });

  it("go to whoever declares them when their retirement is over; what is held stays as it is", () => {
    apply(...slicesOf(sketched({ core: { declares: ["acme-core", "acme-kept"] }, web: { access: "unread" } }).facts));
    apply(repositorySlice(CORE, "core", { declares: ["acme-kept"] }));
    apply(repositorySlice(WEB, "web", { declares: ["acme-core", "acme-kept"] }));
    now += RETIREMENT_MS;
    store.expire();
    expect(claim("acme-core")).toEqual(held(WEB, "acme-core", now));
    expect(claim("acme-kept")).toEqual(held(CORE, "acme-kept"));
  });
});

describe("a lost installation", () => {
  beforeEach(() => {
    store.apply(slicesOf(sketched().facts));
    store.forget();
  });

  it("leaves no fact, and remembers who claimed what", () => {
    const claims = new Map([[packageName("acme-core"), held(CORE, "acme-core")]]);
    expect(store.view()).toEqual({
      organization: ACME,
      ready: false,
      readsOnly: false,
      freshSince: -Infinity,
      facts: NO_FACTS,
      access: compileAccess(sourcesOf(NO_FACTS, claims)),
      claims,
      policy: DEFAULT_POLICY,
      bindings: NO_BINDINGS,
      revision: 2,
    });
    expect(missing(store.view().facts)).toContain("members");
  });

  it("leaves no declaration behind that nobody makes any more", () => {
    store.apply(slicesOf(sketched({ core: { access: "unread" }, web: { access: "unread" } }).facts));
    now += RETIREMENT_MS;
    store.expire();
    expect(store.view().claims).toEqual(new Map());
  });

  it("is followed by a reading that finds the same owners", () => {
    now += 1;
    store.apply(slicesOf(sketched().facts));
    expect(store.view().ready).toBe(true);
    expect(claim("acme-core")).toEqual(held(CORE, "acme-core"));
  });

  it("is followed by a reading that retires what went away meanwhile", () => {
    now += 1;
    const { facts } = sketched({ core: { access: "unread" }, web: { declares: ["acme-core", "acme-web"] } });
    store.apply(slicesOf(facts));
    expect(claim("acme-core")).toEqual({ status: "retired", repository: CORE, since: NOW + 1 });
    expect(claim("acme-web")).toEqual(held(WEB, "acme-web", NOW + 1));
  });

  it("gives no name away while facts are missing, whatever has expired", () => {
    store.apply(slicesOf(sketched({ core: { access: "unread" }, web: { access: "unread" } }).facts));
    expect(claim("acme-core")?.status).toBe("retired");
    store.forget();
    now += RETIREMENT_MS;
    store.apply([repositorySlice(WEB, "web", { declares: ["acme-core"] })]);
    store.expire();
    expect(claim("acme-core")?.status).toBe("retired");
    store.apply(slicesOf(sketched({ core: { access: "unread" }, web: { declares: ["acme-core"] } }).facts));
    expect(claim("acme-core")).toEqual(held(WEB, "acme-core", now));
  });
});

describe("another policy", () => {
  const TOOLS = "acme-tools";
  const pinning = (repository: string): Policy => ({
    ...DEFAULT_POLICY,
    packages: new Map([[packageName(TOOLS), { repository, line: 1 }]]),
  });
  /** @returns what must be read because of it */
  const govern = (policy: Policy) =>
    store.apply([{ kind: "policy", asOf: now, value: { text: "", policy, faults: [] } }]).next;
  const access = { collaborators: new Map(), teams: new Map() };

  it("settles every name anew, and has read what it needs of a pinned repository that declares nothing", () => {
    store.apply(slicesOf(sketched().facts));
    const { revision } = store.view();
    expect(govern(pinning("web"))).toEqual([`access/${WEB}`]);
    expect(claim(TOOLS)).toMatchObject({ status: "pinned", repository: WEB });
    expect(store.view().revision).toBe(revision + 1);
    expect(store.missing()).toEqual([`access/${WEB}`]);
    store.apply([{ kind: "access", id: WEB, asOf: NOW, value: access }]);
    expect(store.missing()).toEqual([]);
    // What is read of the repository again does not take that away.
    store.apply([repositorySlice(WEB, "web", {})]);
    expect(store.view().facts.access.has(WEB)).toBe(true);
    expect(govern(pinning("core"))).toEqual([]);
  });

  it("that came before everything was read decides from the beginning", () => {
    expect(govern(pinning("web"))).toEqual([]);
    expect(store.view().claims.size).toBe(0);
    const { next } = store.apply(slicesOf(sketched().facts).filter(({ kind }) => kind !== "policy"));
    expect(next).toContain(`access/${WEB}`);
    expect(claim(TOOLS)).toMatchObject({ status: "pinned", repository: WEB });
  });

  it("binds a pin when a repository of that name comes, and to no other that has the name later", () => {
    store.apply(slicesOf(sketched().facts));
    govern(pinning("tools"));
    expect(claim(TOOLS)?.status).toBe("unbound");
    expect(store.apply([repositorySlice(1009, "Tools", {})]).next).toContain("access/1009");
    expect(claim(TOOLS)).toMatchObject({ status: "pinned", repository: 1009 });
    store.apply([repositorySlice(1009, "old-tools", {})]);
    store.apply([repositorySlice(1010, "tools", { declares: [TOOLS] })]);
    expect(claim(TOOLS)).toMatchObject({ status: "pinned", repository: 1009 });
    store.apply([repositorySlice(1009, "old-tools", undefined)]);
    expect(claim(TOOLS)).toMatchObject({ status: "retired", repository: 1009 });
    now += RETIREMENT_MS;
    store.expire();
    expect(claim(TOOLS)).toMatchObject({ status: "pinned", repository: 1010 });
  });
});
