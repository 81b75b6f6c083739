import { describe, expect, it } from "vitest";
import type { Claim, Claimant, ContestedClaim, HeldClaim, RetiredClaim, Stake } from "../../src/domain/claims.ts";
import { settleClaim } from "../../src/domain/claims.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";

const RETIREMENT_MS = DEFAULT_POLICY.names.retirementMs;

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
function settle(
  claim: Claim | undefined,
  claimants: readonly Claimant[],
  faulty: readonly number[] = [],
  barred: readonly number[] = [],
): Claim | undefined {
  const undecided = ({ repository }: Stake): boolean => faulty.includes(repository);
  return settleClaim(
    claim,
    { claimants, undecided, barred: (id) => barred.includes(id), retirementMs: RETIREMENT_MS },
    NOW,
  );
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
    expect(settle(contested(7, 8), [declares(8)])).toEqual({ ...retired(7, NOW), rivals: [stake(8)] });
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

describe("a contest", () => {
  const withdrawn: RetiredClaim = { ...retired(7, BEFORE), rivals: [stake(8)] };

  it("is not won by withdrawing and coming back", () => {
    expect(settle(withdrawn, [declares(7), declares(8)])).toEqual({ ...contested(7, 8), since: NOW });
    expect(settle(withdrawn, [declares(7)], [8])).toEqual({ ...contested(7, 8), since: NOW });
  });

  it("is over when the rivals have withdrawn meanwhile", () => {
    expect(settle(withdrawn, [declares(7)])).toEqual({ ...held(7), since: NOW });
  });

  it("is not won by a pin that nobody answered to and that is gone again", () => {
    const unbound = { status: "unbound", repository: undefined, former: withdrawn, since: NOW, pin: "x" } as const;
    expect(settle(unbound, [declares(7), declares(8)])).toEqual({ ...contested(7, 8), since: NOW });
  });
});

describe("a reserved name", () => {
  it("is lost at once by a holder that may not have it, to whoever may", () => {
    expect(settle(held(7), [declares(8)], [], [7])).toEqual({ ...held(8), since: NOW });
    expect(settle(held(7), [declares(9), declares(8)], [], [7])).toEqual({ ...contested(8, 9), since: NOW });
  });

  it("is nobody's while nobody declares it who may, and not free either", () => {
    expect(settle(held(7), [], [], [7])).toEqual(retired(7, NOW));
    expect(settle(retired(7, BEFORE), [], [], [7])).toEqual(retired(7, BEFORE));
  });

  it("goes to whoever may have it as soon as they declare it", () => {
    expect(settle(retired(7, BEFORE), [declares(8)], [], [7])).toEqual({ ...held(8), since: NOW });
  });

  it("rests as any other when its holder might have it and left", () => {
    expect(settle(retired(7, BEFORE), [declares(8)], [], [9])).toEqual(retired(7, BEFORE));
  });
});

describe("a name whose pin has gone", () => {
  const pinned = { status: "pinned", repository: 7, path: "7.toml", since: BEFORE, pin: "seven" } as const;

  it("stays with the repository that had it, if that declares it", () => {
    expect(settle(pinned, [declares(1), declares(7)])).toEqual(held(7));
    expect(settle(pinned, [], [7])).toEqual(held(7));
  });

  it("rests when that does not declare it", () => {
    expect(settle({ ...pinned, path: undefined }, [declares(1)], [7])).toEqual(retired(7, NOW));
  });

  it("rests on where it had gone to rest, and is no pin's any more", () => {
    expect(settle({ ...retired(7, BEFORE), pin: "seven" }, [declares(8)])).toEqual(retired(7, BEFORE));
  });

  it("is what it was before, when no repository ever had it by the pin", () => {
    const unbound = { status: "unbound", repository: undefined, since: NOW, pin: "x" } as const;
    expect(settle({ ...unbound, former: undefined }, [declares(8)])).toEqual({ ...held(8), since: NOW });
    expect(settle({ ...unbound, former: retired(7, NOW) }, [declares(8)])).toEqual(retired(7, NOW));
    expect(settle({ ...unbound, former: retired(7, NOW) }, [declares(8), declares(7)])).toEqual({
      ...held(7),
      since: NOW,
    });
  });
});
