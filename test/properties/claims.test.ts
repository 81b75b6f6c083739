import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import type { Repository } from "../../src/domain/facts.ts";
import { createStore } from "../../src/state/store.ts";
import type { RepositorySketch } from "../domain/facts-builder.ts";
import { draw, packageName, repositoryOf } from "../domain/facts-builder.ts";
import { slicesOf } from "../state/slices.ts";
import { checkProperty } from "./check.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";

const RETIREMENT_MS = DEFAULT_POLICY.names.retirementMs;

const NAME = packageName("acme-core");
const REPOSITORIES = ["one", "two", "three"] as const;

/** What a repository's default branch says about the name. */
const STATES = {
  declares: { declares: ["acme-core"] },
  "declares among faults": { declares: ["acme-core"], broken: ["acme-other"] },
  faulty: { broken: ["acme-core"] },
  silent: {},
  fork: { declares: ["acme-core"], fork: true },
  "faulty fork": { broken: ["acme-core"], fork: true },
  gone: undefined,
} as const satisfies Record<string, RepositorySketch | undefined>;
type State = keyof typeof STATES;

const states = Object.keys(STATES).filter((word): word is State => word in STATES);
const anyState = fc.oneof({ weight: 2, arbitrary: fc.constant("declares" as const) }, fc.constantFrom(...states));
const anyStep = fc.oneof(
  fc.record({ kind: fc.constant("push" as const), repository: fc.nat(2), state: anyState }),
  fc.record({ kind: fc.constant("wait" as const), days: fc.constantFrom(1, 45, 89, 90) }),
  // The installation is lost and found again: everything is forgotten but the claims.
  fc.record({ kind: fc.constant("relapse" as const) }),
);

describe("a name", () => {
  it("moves to another repository only after its retirement, and never to a fork", () => {
    const moves = { toAnother: 0, back: 0 };
    checkProperty(
      fc.property(fc.tuple(anyState, anyState, anyState), fc.array(anyStep, { maxLength: 15 }), (first, steps) => {
        let now = 0;
        const world: State[] = [...first];
        const store = createStore({ id: 1, login: "acme" }, () => now);
        const readAll = () => store.apply(slicesOf(draw({ repositories: sketchOf(world) }).facts));
        readAll();

        let last = store.view().claims.get(NAME);
        expect(faultsOf(last, world)).toEqual([]);
        for (const step of steps) {
          if (step.kind === "wait") {
            now += step.days * 86_400_000;
            store.expire();
          } else if (step.kind === "push") {
            world[step.repository] = step.state;
            store.apply([
              { kind: "repository", id: 1001 + step.repository, asOf: now, value: factOf(world, step.repository) },
            ]);
          } else {
            store.forget();
            store.expire();
            readAll();
          }
          const claim = store.view().claims.get(NAME);
          expect(faultsOf(claim, world)).toEqual([]);
          const moved = last !== undefined && claim?.repository !== last.repository;
          const free = last?.status === "retired" && now - last.since >= RETIREMENT_MS;
          expect(moved && !free).toBe(false);
          moves.toAnother += Number(moved);
          moves.back += Number(last?.status === "retired" && claim?.status !== "retired" && !moved);
          last = claim;
        }
      }),
      1500,
    );
    // Both ways out of retirement were taken, so the rule was put to the test.
    expect(Math.min(moves.toAnother, moves.back)).toBeGreaterThan(5);
  });
});

/** What is wrong with a claim: one in force needs a manifest that declares the name or cannot be read, and no fork. */
function faultsOf(claim: Claim | undefined, world: readonly State[]): string[] {
  const stateOf = (repository: number): State => world[repository - 1001] ?? "gone";
  const isDeclared = (repository: number): boolean => DECLARING.has(stateOf(repository));
  const isBacked = (repository: number): boolean => isDeclared(repository) || stateOf(repository) === "faulty";
  if (claim === undefined) return [1001, 1002, 1003].some(isDeclared) ? ["nobody holds what is declared"] : [];
  if (claim.status === "pinned" || claim.status === "unbound") return ["nobody pinned it"];
  if (claim.status === "retired") return isDeclared(claim.repository) ? ["its former holder declares it"] : [];
  const rivals = claim.status === "contested" ? claim.rivals : [];
  return [
    ...(claim.status === "contested" && rivals.length === 0 ? ["nobody contests it"] : []),
    ...[claim, ...rivals].flatMap(({ repository }) => (isBacked(repository) ? [] : [`${repository} backs nothing`])),
  ];
}

const DECLARING: ReadonlySet<State> = new Set(["declares", "declares among faults"]);

function factOf(world: readonly State[], index: number): Repository | undefined {
  const sketch = STATES[world[index] ?? "gone"];
  return sketch === undefined
    ? undefined
    : repositoryOf(REPOSITORIES[index] ?? "none", { ...sketch, createdAt: index });
}

/** Ids follow the order of the names, so a repository that is gone is drawn and then left out. */
function sketchOf(world: readonly State[]): Record<string, RepositorySketch> {
  return Object.fromEntries(
    REPOSITORIES.map((name, createdAt) => [name, { ...STATES[world[createdAt] ?? "gone"], createdAt }]),
  );
}
