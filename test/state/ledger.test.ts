import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import type { Ledger } from "../../src/state/ledger.ts";
import { compileNames } from "../../src/domain/name-policy.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { adopt, allNames, emptyLedger, redeclare, settle } from "../../src/state/ledger.ts";
import type { RepositorySketch } from "../domain/facts-builder.ts";
import { draw, packageName, pathOf, repositoryOf } from "../domain/facts-builder.ts";

const NOW = 1_000_000_000_000;
const CORE = 1001;
const WEB = 1002;
const [A, B, C] = [packageName("a"), packageName("b"), packageName("c")];

function change(ledger: Ledger, id: number, before: RepositorySketch | undefined, after: RepositorySketch | undefined) {
  return redeclare(ledger, id, before && repositoryOf("any", before), after && repositoryOf("any", after));
}

const held = (repository: number, text: string): Claim => ({
  status: "held",
  repository,
  path: pathOf(text),
  since: NOW,
});

function claimants(text: string, ...ids: number[]) {
  return new Map(ids.map((repository) => [repository, { repository, path: pathOf(text), createdAt: 0 }]));
}

describe("who declares what", () => {
  it("is noted, and every name that may have a new owner is told", () => {
    const ledger = emptyLedger();
    expect(change(ledger, CORE, undefined, { declares: ["a", "b"] })).toEqual(new Set([A, B]));
    expect(change(ledger, WEB, undefined, { declares: ["b"] })).toEqual(new Set([B]));
    expect(ledger.declared).toEqual(
      new Map([
        [A, claimants("a", CORE)],
        [B, claimants("b", CORE, WEB)],
      ]),
    );
    expect(change(ledger, CORE, { declares: ["a", "b"] }, { declares: ["b", "c"] })).toEqual(new Set([A, B, C]));
    expect(ledger.declared).toEqual(
      new Map([
        [B, claimants("b", WEB, CORE)],
        [C, claimants("c", CORE)],
      ]),
    );
    expect(change(ledger, CORE, { declares: ["b", "c"] }, undefined)).toEqual(new Set([B, C]));
    expect(ledger.declared).toEqual(new Map([[B, claimants("b", WEB)]]));
    expect(ledger.claims).toEqual(new Map());
  });

  it("leaves forks out, also those that become one", () => {
    const ledger = emptyLedger();
    expect(change(ledger, CORE, undefined, { declares: ["a"], fork: true })).toEqual(new Set());
    expect(change(ledger, CORE, { declares: ["a"], fork: true }, { declares: ["a"] })).toEqual(new Set([A]));
    expect(change(ledger, CORE, { declares: ["a"] }, { declares: ["a"], fork: true })).toEqual(new Set([A]));
    expect(ledger.declared).toEqual(new Map());
  });

  const heldByCore = { status: "held", repository: CORE, path: pathOf("a"), since: NOW } as const;
  it.each<[string, Claim, readonly PackageName[]]>([
    ["its holder", heldByCore, [A]],
    ["its former holder", { status: "retired", repository: CORE, since: NOW }, [A]],
    [
      "a rival",
      { ...heldByCore, status: "contested", repository: WEB, rivals: [{ repository: CORE, path: "a" }] },
      [A],
    ],
    [
      "none of both",
      { ...heldByCore, status: "contested", repository: WEB, rivals: [{ repository: 7, path: "a" }] },
      [],
    ],
    ["a stranger", { ...heldByCore, repository: WEB }, []],
  ])("tells of a name that nothing declares when the repository is %s: it may withdraw", (_, claim, names) => {
    const ledger = emptyLedger();
    ledger.claims.set(A, claim);
    expect(change(ledger, CORE, { broken: ["a"] }, {})).toEqual(new Set(names));
  });

  it("tells of a withdrawal that was never noted", () => {
    expect(change(emptyLedger(), CORE, { declares: ["a"] }, undefined)).toEqual(new Set([A]));
  });
});

describe("settling names", () => {
  /** Settles every name of a sketch, as far as it is declared. */
  function settled(repositories: Record<string, RepositorySketch>, claims: readonly (readonly [string, Claim])[] = []) {
    const { facts } = draw({ repositories });
    const ledger = emptyLedger();
    for (const [text, claim] of claims) ledger.claims.set(packageName(text), claim);
    for (const [id, { value }] of facts.repositories) redeclare(ledger, id, undefined, value);
    settle(ledger, facts, [...ledger.declared.keys(), ...ledger.claims.keys()], NOW);
    return ledger.claims;
  }

  it("gives each to the repository and the file that declare it", () => {
    expect(settled({ core: { declares: ["a", "b"] }, web: { declares: ["c"] } })).toEqual(
      new Map([
        [A, held(CORE, "a")],
        [B, held(CORE, "b")],
        [C, held(WEB, "c")],
      ]),
    );
  });

  it("asks the age of each repository", () => {
    expect(settled({ core: { declares: ["a"], createdAt: 2 }, web: { declares: ["a"], createdAt: 1 } })).toEqual(
      new Map([
        [
          A,
          {
            status: "contested",
            repository: WEB,
            path: pathOf("a"),
            since: NOW,
            rivals: [{ repository: CORE, path: pathOf("a") }],
          },
        ],
      ]),
    );
  });

  it("forgets a name that is free again", () => {
    expect(settled({}, [["a", { status: "retired", repository: CORE, since: 0 }]])).toEqual(new Map());
  });

  const retired: Claim = { status: "retired", repository: CORE, since: NOW };
  it.each<[string, Record<string, RepositorySketch>, Claim]>([
    ["keeps what a faulty manifest held", { core: { broken: ["a"] } }, held(CORE, "a")],
    ["keeps what a repository held while any of its files is faulty", { core: { broken: ["b"] } }, held(CORE, "a")],
    ["retires what a faulty neighbour does not declare", { core: {}, web: { broken: ["a"] } }, retired],
    ["retires what a faulty fork held", { core: { broken: ["a"], fork: true } }, retired],
    ["retires what a repository held that is gone", {}, retired],
    ["retires what a fork declares", { core: { declares: ["a"], fork: true } }, retired],
  ])("%s", (_, repositories, expected) => {
    expect(settled(repositories, [["a", held(CORE, "a")]])).toEqual(new Map([[A, expected]]));
  });

  it("takes the first of two files that declare one name", () => {
    const twice = {
      ...repositoryOf("any"),
      declarations: ["setup.cfg", "pyproject.toml"].map((path) => ({ name: A, path })),
    };
    const ledger = emptyLedger();
    redeclare(ledger, CORE, undefined, twice);
    settle(ledger, NO_FACTS, [A], NOW);
    expect(ledger.claims.get(A)).toMatchObject({ repository: CORE, path: "setup.cfg" });
  });
});

describe("under a policy", () => {
  const PLATFORM = 1003;
  const policyOf = (policy: Partial<Policy>) => compileNames({ ...DEFAULT_POLICY, ...policy });
  const pins = (...packages: readonly (readonly [PackageName, string])[]) => ({
    packages: new Map(packages.map(([name, repository]) => [name, { repository, line: 1 }])),
  });
  const reserving = (pattern: string, ...repositories: string[]) => ({
    names: { ...DEFAULT_POLICY.names, reserved: [{ pattern, repositories, line: 1 }] },
  });
  const choosing = (choice: Partial<Policy["repositories"]>) => ({
    repositories: { ...DEFAULT_POLICY.repositories, ...choice },
  });
  const onlyPinned = { names: { ...DEFAULT_POLICY.names, claim: "pinned" as const } };

  /** The claims of an organization of `core`, `web`, … after one policy and then others were in force. */
  function under(repositories: Record<string, RepositorySketch>, ...policies: readonly Partial<Policy>[]) {
    const { facts } = draw({ repositories });
    const ledger = emptyLedger();
    for (const policy of policies) {
      adopt(ledger, facts, policyOf(policy));
      settle(ledger, facts, allNames(ledger), NOW);
    }
    return { ledger, facts, claim: (name: PackageName) => ledger.claims.get(name) };
  }
  const both = { core: { declares: ["a"] }, web: { declares: ["a", "b"] } };
  const pinned = (repository: number, text: string, path?: string): Claim => ({
    status: "pinned",
    repository,
    path: path && pathOf(path),
    since: NOW,
    pin: text,
  });

  it("a repository that is not chosen declares nothing", () => {
    const { claim, ledger } = under(both, choosing({ exclude: ["core"] }));
    expect(claim(A)).toEqual(held(WEB, "a"));
    expect(ledger.declared.get(A)?.has(CORE)).toBe(false);
  });

  it("a repository that is chosen no longer loses what it holds to nobody", () => {
    const { claim } = under({ core: { declares: ["a"] }, web: {} }, {}, choosing({ include: ["web"] }));
    expect(claim(A)).toEqual({ status: "retired", repository: CORE, since: NOW });
    const broken = under({ core: { broken: ["a"] }, web: {} }, {});
    broken.ledger.claims.set(A, held(CORE, "a"));
    adopt(broken.ledger, broken.facts, policyOf(choosing({ exclude: ["core"] })));
    settle(broken.ledger, broken.facts, [A], NOW);
    expect(broken.claim(A)?.status).toBe("retired");
  });

  it("a reserved name is whose it is reserved for, whoever held it", () => {
    const repositories = { core: { declares: ["a"] }, web: {}, platform: { declares: ["a"], createdAt: 9 } };
    const { claim, ledger, facts } = under(
      repositories,
      { ...choosing({ exclude: ["platform"] }) },
      {},
      reserving("a-*", "platform"),
    );
    expect(claim(A)).toEqual(held(PLATFORM, "a"));
    adopt(ledger, facts, policyOf({}));
    settle(ledger, facts, allNames(ledger), NOW);
    expect(claim(A)).toEqual(held(PLATFORM, "a"));
  });

  it("a reserved name is not kept by a broken manifest of another repository", () => {
    const { claim, ledger, facts } = under({ core: { broken: ["a"] } }, {});
    ledger.claims.set(A, held(CORE, "a"));
    adopt(ledger, facts, policyOf(reserving("a-*", "platform")));
    settle(ledger, facts, [A], NOW);
    expect(claim(A)?.status).toBe("retired");
  });

  it("a pin gives a name to a repository that declares it, or does not, or is a fork, or is left out", () => {
    const repositories = { core: { declares: ["a"] }, web: { fork: true, declares: ["a"] }, platform: {} };
    const policy = { ...pins([A, "Core"], [B, "web"], [C, "platform"]), ...choosing({ exclude: ["platform"] }) };
    const { claim } = under(repositories, {}, policy);
    expect([claim(A), claim(B), claim(C)]).toEqual([
      pinned(CORE, "core", "a"),
      pinned(WEB, "web"),
      pinned(PLATFORM, "platform"),
    ]);
  });

  it("a pin to nobody, and one to a name that two repositories seem to have, give the name to nobody", () => {
    const { ledger, facts, claim } = under({ core: {}, web: {} }, pins([A, "nowhere"]));
    expect(claim(A)).toEqual({
      status: "unbound",
      repository: undefined,
      former: undefined,
      since: NOW,
      pin: "nowhere",
    });
    const twins = new Map(
      [...facts.repositories].map(([id, { value }]) => [id, { asOf: NOW, value: { ...value, name: "twin" } }]),
    );
    adopt(ledger, facts, policyOf(pins([B, "twin"])));
    settle(ledger, { ...facts, repositories: twins }, [B], NOW);
    expect(claim(B)?.status).toBe("unbound");
  });

  it("only pinned names are anybody's, where that is wished", () => {
    const { claim } = under(both, {}, { ...onlyPinned, ...pins([C, "core"]) });
    expect(claim(C)).toEqual(pinned(CORE, "core"));
    expect(claim(B)).toEqual({ status: "retired", repository: WEB, since: NOW });
    expect(under(both, onlyPinned).claim(A)).toBeUndefined();
  });

  it("a broken manifest does not move where a pinned name was declared", () => {
    const { ledger, facts } = under({ core: { broken: ["a"] }, web: {} }, pins([A, "core"]));
    ledger.claims.set(A, pinned(CORE, "core", "a"));
    settle(ledger, facts, [A], NOW);
    expect(ledger.claims.get(A)).toEqual(pinned(CORE, "core", "a"));
    settle(ledger, draw({ repositories: { core: {} } }).facts, [A], NOW);
    expect(ledger.claims.get(A)).toEqual(pinned(CORE, "core"));
  });

  it("a repository that gets or loses a name touches what is pinned to that name, and what it was bound to", () => {
    const { ledger } = under({ core: {} }, pins([A, "core"], [B, "web"], [C, "nowhere"]));
    const named = (name: string) => repositoryOf(name);
    expect(redeclare(ledger, WEB, undefined, named("web"))).toEqual(new Set([B]));
    expect(redeclare(ledger, WEB, named("web"), named("Nowhere"))).toEqual(new Set([B, C]));
    expect(redeclare(ledger, CORE, named("other"), named("another"))).toEqual(new Set([A]));
    ledger.claims.set(B, {
      status: "unbound",
      repository: undefined,
      former: { status: "retired", repository: PLATFORM, since: 0 },
      since: 0,
      pin: "x",
    });
    expect(redeclare(ledger, PLATFORM, named("p"), named("p"))).toEqual(new Set([B]));
  });

  it("a policy says how long a name rests", () => {
    const rests = { names: { ...DEFAULT_POLICY.names, retirementMs: 5 } };
    const { ledger, facts, claim } = under({ core: {}, web: { declares: ["a"] } }, rests);
    ledger.claims.set(A, { status: "retired", repository: CORE, since: NOW });
    settle(ledger, facts, [A], NOW + 4);
    expect(claim(A)?.status).toBe("retired");
    settle(ledger, facts, [A], NOW + 5);
    expect(claim(A)?.status).toBe("held");
  });
});
