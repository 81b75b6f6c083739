import { describe, expect, it } from "vitest";
import type { Claim, Claimant, ContestedClaim, HeldClaim, RetiredClaim, Stake } from "../../src/domain/claims.ts";
import { RETIREMENT_MS, settleClaim } from "../../src/domain/claims.ts";

const NOW = 1_000_000_000_000;
const BEFORE = NOW - 5;

/** A repository that declares the name in its own file; the higher the number, the younger. */
function declares(repository: number, more: Partial<Claimant> = {}): Claimant {
  return { repository, path: `${repository}.toml`, createdAt: repository, ...more };
}

function stake(repository: number, path = `${repository}.toml`): Stake {
  return { repository, path };
}

const held = (repository: number, path = `${repository}.toml`): HeldClaim => ({
  status: "held",
  repository,
  path,
  since: BEFORE,
});
const contested = (repository: number, ...rivals: number[]): ContestedClaim => ({
  status: "contested",
  repository,
  path: `${repository}.toml`,
  since: BEFORE,
  rivals: rivals.map((rival) => stake(rival)),
});
const retired = (repository: number, since: number): RetiredClaim => ({ status: "retired", repository, since });

/** @param faulty repositories of which a manifest cannot be read */
function settle(claim: Claim | undefined, claimants: readonly Claimant[], faulty: readonly number[] = []): unknown {
  const undecided = ({ repository }: Stake): boolean => faulty.includes(repository);
  return settleClaim(claim, { claimants, undecided }, NOW);
}

describe("a name nobody holds", () => {
  it("stays free while nobody declares it", () => {
    expect(settle(undefined, [])).toBeUndefined();
  });

  it("is held by the one repository that declares it", () => {
    expect(settle(undefined, [declares(7)])).toEqual({ ...held(7), since: NOW });
  });

  it("is not held by a manifest that cannot be read", () => {
    expect(settle(undefined, [], [7])).toBeUndefined();
  });

  it("is contested when several declare it at once: the older may be read", () => {
    expect(settle(undefined, [declares(9), declares(7), declares(8)])).toEqual({ ...contested(7, 8, 9), since: NOW });
  });

  it("goes by the repository's age, not its number", () => {
    const claimants = [declares(7, { createdAt: 30 }), declares(8, { createdAt: 10 }), declares(9, { createdAt: 20 })];
    expect(settle(undefined, claimants)).toEqual({ ...contested(8, 9, 7), since: NOW });
  });

  it("goes by the number among repositories of one age, in whatever order they were read", () => {
    const claimants = [declares(9, { createdAt: 0 }), declares(7, { createdAt: 0 })];
    expect(settle(undefined, claimants)).toEqual({ ...contested(7, 9), since: NOW });
  });
});

describe("a held name", () => {
  it("stays with its holder", () => {
    expect(settle(held(7), [declares(7)])).toEqual(held(7));
  });

  it("stays with its holder though an older repository declares it now", () => {
    expect(settle(held(7), [declares(1), declares(7)])).toEqual(held(7));
  });

  it("follows the manifest to another file", () => {
    expect(settle(held(7, "setup.cfg"), [declares(7)])).toEqual(held(7));
  });

  it("is kept by a faulty manifest", () => {
    expect(settle(held(7), [], [7])).toEqual(held(7));
  });

  it("is kept by a faulty manifest though others declare it", () => {
    expect(settle(held(7), [declares(8)], [7])).toEqual(held(7));
  });

  it("is not kept by somebody else's faulty manifest", () => {
    expect(settle(held(7), [], [8])).toEqual(retired(7, NOW));
  });

  it("retires when its holder goes away, even if another stands ready", () => {
    expect(settle(held(7), [])).toEqual(retired(7, NOW));
    expect(settle(held(7), [declares(8)])).toEqual(retired(7, NOW));
  });
});

describe("a contested name", () => {
  it("stays contested while a rival declares it", () => {
    expect(settle(contested(7, 8), [declares(8), declares(7)])).toEqual(contested(7, 8));
  });

  it("is held once every rival has withdrawn", () => {
    expect(settle(contested(7, 8, 9), [declares(7), declares(9)])).toEqual(contested(7, 9));
    expect(settle(contested(7, 9), [declares(7)])).toEqual(held(7));
  });

  it("gains no new rivals", () => {
    expect(settle(contested(7, 8), [declares(7), declares(8), declares(10)])).toEqual(contested(7, 8));
  });

  it("is not decided by a rival's faulty manifest", () => {
    expect(settle(contested(7, 8), [declares(7)], [8])).toEqual(contested(7, 8));
  });

  it("follows manifests to other files", () => {
    const moved = { ...contested(7, 8), path: "7.toml", rivals: [stake(8, "8.toml")] };
    expect(
      settle({ ...contested(7), path: "old.cfg", rivals: [stake(8, "old.cfg")] }, [declares(7), declares(8)]),
    ).toEqual(moved);
  });

  it("retires when the older repository goes away: the contest makes no rival the owner", () => {
    expect(settle(contested(7, 8), [declares(8)])).toEqual(retired(7, NOW));
    expect(settle(contested(7, 8), [])).toEqual(retired(7, NOW));
  });
});

describe("a retired name", () => {
  const resting = retired(7, NOW - RETIREMENT_MS + 1);
  const over = retired(7, NOW - RETIREMENT_MS);

  it("rests for 90 days", () => {
    expect(RETIREMENT_MS).toBe(7_776_000_000);
    expect(settle(resting, [declares(8)])).toEqual(resting);
    expect(settle(resting, [])).toEqual(resting);
  });

  it("goes back at once to the repository that had it", () => {
    expect(settle(resting, [declares(8), declares(7)])).toEqual({ ...held(7), since: NOW });
  });

  it("is not taken back by a faulty manifest", () => {
    expect(settle(resting, [], [7])).toEqual(resting);
  });

  it("is free when the time is over", () => {
    expect(settle(over, [])).toBeUndefined();
    expect(settle(over, [declares(8)])).toEqual({ ...held(8), since: NOW });
    expect(settle(over, [declares(9), declares(8)])).toEqual({ ...contested(8, 9), since: NOW });
  });

  it("still goes to the repository that had it first, when the time is over", () => {
    expect(settle(over, [declares(1), declares(7)])).toEqual({ ...held(7), since: NOW });
  });
});
