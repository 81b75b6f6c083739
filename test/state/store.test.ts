import { beforeEach, describe, expect, it } from "vitest";
import { compileAccess } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claims.ts";
import { RETIREMENT_MS } from "../../src/domain/claims.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { missing } from "../../src/state/missing.ts";
import type { Slice } from "../../src/state/slice.ts";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import type { Drawn, RepositorySketch } from "../domain/facts-builder.ts";
import { draw, NOW, packageName, pathOf } from "../domain/facts-builder.ts";
import { repositorySlice, slicesOf } from "./slices.ts";

const ACME = { id: 1, login: "acme" };
const CORE = 1001;
const WEB = 1002;

let now = NOW;
let store: Store;
beforeEach(() => {
  now = NOW;
  store = createStore(ACME, () => now);
});

function sketched(
  repositories: Record<string, RepositorySketch> = { core: { declares: ["acme-core"] }, web: { access: "unread" } },
): Drawn {
  return draw({ members: ["alice"], teams: { platform: { members: ["alice"] } }, repositories });
}

function claim(text: string): Claim | undefined {
  return store.view().claims.get(packageName(text));
}

const held = (repository: number, text: string, since = NOW): Claim => ({
  status: "held",
  repository,
  path: pathOf(text),
  since,
});

describe("a store", () => {
  it("knows nothing at first", () => {
    expect(store.view()).toEqual({
      organization: ACME,
      ready: false,
      facts: NO_FACTS,
      access: compileAccess(NO_FACTS),
      claims: new Map(),
      revision: 0,
    });
  });

  it("is ready once everything has been read, in whatever order, and not before", () => {
    const slices = slicesOf(sketched().facts).toReversed();
    for (const slice of slices) {
      expect(store.view().ready).toBe(false);
      store.apply([slice]);
    }
    expect(store.view()).toEqual({
      organization: { id: 1, login: "acme", basePermission: "none" },
      ready: true,
      facts: sketched().facts,
      access: compileAccess(sketched().facts),
      claims: new Map([[packageName("acme-core"), held(CORE, "acme-core")]]),
      revision: slices.length,
    });
  });

  it("goes by the organization's current login", () => {
    store.apply([{ kind: "organization", asOf: NOW, value: { id: 1, login: "acme-renamed", basePermission: "none" } }]);
    expect(store.view().organization.login).toBe("acme-renamed");
  });

  it("hands out one view until something happens", () => {
    const view = store.view();
    expect(store.view()).toBe(view);
    store.apply([]);
    expect(store.view()).not.toBe(view);
  });
});

describe("what a replacement tells", () => {
  it("is what changed and what must be read because of it", () => {
    expect(store.apply([{ kind: "repositories", asOf: NOW, value: new Set([CORE, WEB]) }])).toEqual({
      changed: ["repositories"],
      next: [`repository/${CORE}`, `repository/${WEB}`],
    });
    expect(
      store.apply([repositorySlice(CORE, "core", { declares: ["acme-core"] }), repositorySlice(WEB, "web", {})]),
    ).toEqual({ changed: [`repository/${CORE}`, `repository/${WEB}`], next: [`access/${CORE}`] });
  });

  it("is nothing when the facts are as they were; only their age is new", () => {
    const { facts } = sketched();
    store.apply(slicesOf(facts));
    const revision = store.view().revision;
    const later = slicesOf(facts).map((slice) => ({ ...slice, asOf: NOW + 9 }));
    expect(store.apply(later)).toEqual({ changed: [], next: [] });
    expect(store.view().revision).toBe(revision);
    expect(store.view().access.asOf).toBe(NOW + 9);
    expect(store.view().access.repositories.get(CORE)?.asOf).toBe(NOW + 9);
  });

  it("counts one revision for all that is replaced together", () => {
    store.apply(slicesOf(sketched().facts));
    expect(store.view().revision).toBe(1);
  });

  it("is nothing when a slice that says otherwise is followed by one that does not", () => {
    const { facts } = sketched();
    store.apply(slicesOf(facts));
    const { teams, repositoryList } = facts;
    if (teams === undefined || repositoryList === undefined) throw new Error("not sketched");
    const twice: Slice[] = [
      { kind: "teams", asOf: NOW, value: new Map() },
      { kind: "repositories", asOf: NOW, value: new Set() },
      { kind: "teams", ...teams },
      { kind: "repositories", ...repositoryList },
    ];
    expect(store.apply(twice)).toEqual({ changed: [], next: [] });
    expect(store.view().facts).toEqual(facts);
  });

  it("names each slice to read once", () => {
    const notes = repositorySlice(WEB, "web", { declares: ["n"] });
    expect(store.apply([notes, notes]).next).toEqual([`access/${WEB}`]);
  });

  it.each<[string, Slice, string[]]>([
    [
      "access that is gone: whether the repository is",
      { kind: "access", id: CORE, asOf: NOW, value: undefined },
      [`repository/${CORE}`],
    ],
    [
      "a team that is gone: which teams there are",
      { kind: "team-members", id: 101, asOf: NOW, value: undefined },
      ["teams"],
    ],
    ["a repository that is gone: nothing", repositorySlice(WEB, "web", undefined), []],
    ["a team nobody is in: nothing", { kind: "team-members", id: 101, asOf: NOW, value: new Set() }, []],
    [
      "access nobody has: nothing",
      { kind: "access", id: CORE, asOf: NOW, value: { teams: new Map(), collaborators: new Map() } },
      [],
    ],
  ])("asks after %s", (_, slice, next) => {
    store.apply(slicesOf(sketched().facts));
    expect(store.apply([slice]).next).toEqual(next);
    expect(store.apply([slice]).next, "also when it was known to be gone").toEqual(next);
  });
});

describe("a revocation", () => {
  beforeEach(() => store.apply(slicesOf(sketched().facts)));

  it("bites at once, and tells what to read back", () => {
    expect(store.revoke({ kind: "team-member", team: 101, user: 1 })).toEqual(["team-members/101"]);
    expect(store.view().facts.teamMembers.get(101)?.value).toEqual(new Set());
    expect(store.view().revision).toBe(2);
  });

  it("of a repository retires its names", () => {
    expect(store.revoke({ kind: "repository", repository: CORE })).toEqual([`repository/${CORE}`]);
    expect(claim("acme-core")).toEqual({ status: "retired", repository: CORE, since: NOW });
  });

  it("of what nobody holds changes nothing", () => {
    expect(store.revoke({ kind: "blocked", user: 1 })).toEqual([]);
    expect(store.view().revision).toBe(1);
  });

  it("tells what else is in doubt because of it", () => {
    const drawn = draw({
      teams: { platform: {}, backend: { parent: "platform" } },
      repositories: { core: { declares: ["acme-core"], teams: { platform: "write" } } },
    });
    store = createStore(ACME, () => now);
    store.apply(slicesOf(drawn.facts));
    expect(store.revoke({ kind: "team", team: drawn.team("backend") })).toEqual(["teams", `access/${CORE}`]);
  });
});

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
    expect(store.view()).toEqual({
      organization: ACME,
      ready: false,
      facts: NO_FACTS,
      access: compileAccess(NO_FACTS),
      claims: new Map([[packageName("acme-core"), held(CORE, "acme-core")]]),
      revision: 2,
    });
    expect(missing(store.view().facts)).toContain("members");
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
