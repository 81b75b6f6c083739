import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import type { Ledger } from "../../src/state/ledger.ts";
import { emptyLedger, redeclare, settle } from "../../src/state/ledger.ts";
import type { RepositorySketch } from "../domain/facts-builder.ts";
import { draw, packageName, pathOf, repositoryOf } from "../domain/facts-builder.ts";

const NOW = 1_000_000_000_000;
const CORE = 1001;
const WEB = 1002;
const [A, B, C] = [packageName("a"), packageName("b"), packageName("c")];

function change(ledger: Ledger, id: number, before: RepositorySketch | undefined, after: RepositorySketch | undefined) {
  return redeclare(ledger, id, before && repositoryOf("any", before), after && repositoryOf("any", after));
}

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

  const held = { status: "held", repository: CORE, path: pathOf("a"), since: NOW } as const;
  it.each<[string, Claim, readonly PackageName[]]>([
    ["its holder", held, [A]],
    ["its former holder", { status: "retired", repository: CORE, since: NOW }, [A]],
    ["a rival", { ...held, status: "contested", repository: WEB, rivals: [{ repository: CORE, path: "a" }] }, [A]],
    ["none of both", { ...held, status: "contested", repository: WEB, rivals: [{ repository: 7, path: "a" }] }, []],
    ["a stranger", { ...held, repository: WEB }, []],
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
  const held = (repository: number, text: string): Claim => ({
    status: "held",
    repository,
    path: pathOf(text),
    since: NOW,
  });

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
