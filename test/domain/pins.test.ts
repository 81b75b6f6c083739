import { describe, expect, it } from "vitest";
import type { Claim, PinnedClaim } from "../../src/domain/claims.ts";
import type { Pinned } from "../../src/domain/pins.ts";
import { settlePin } from "../../src/domain/pins.ts";

const NOW = 1_000_000;
const BEFORE = NOW - 5;
const RETIREMENT_MS = 100;
const CORE = 7;
const OTHER = 8;

const pinnedTo = (repository: number, more: Partial<PinnedClaim> = {}): PinnedClaim => ({
  status: "pinned",
  repository,
  path: undefined,
  since: BEFORE,
  pin: "core",
  ...more,
});
const held: Claim = { status: "held", repository: OTHER, path: "p", since: BEFORE };
const resting: Claim = { status: "retired", repository: CORE, since: BEFORE, pin: "core" };
const unbound: Claim = { status: "unbound", repository: undefined, former: undefined, since: BEFORE, pin: "core" };

/** By default `core` is the name of CORE, which is there, as OTHER is, and declares nothing. */
function settle(claim: Claim | undefined, more: Partial<Pinned> = {}): Claim {
  const pinned: Pinned = {
    pin: "core",
    named: CORE,
    exists: () => true,
    pathIn: (_, before) => before,
    retirementMs: RETIREMENT_MS,
    ...more,
  };
  return settlePin(claim, pinned, NOW);
}

describe("a pin", () => {
  it.each<[string, Claim | undefined]>([
    ["nobody's", undefined],
    ["held by another", held],
    ["contested", { ...held, status: "contested", rivals: [{ repository: 9, path: "q" }] }],
    ["resting", { status: "retired", repository: OTHER, since: NOW }],
    ["pinned to another", pinnedTo(OTHER, { pin: "other" })],
    ["resting after another pin", { ...resting, repository: OTHER, pin: "other" }],
    ["pinned to nobody, until now", unbound],
  ])("gives its repository a name that was %s", (_, claim) => {
    expect(settle(claim)).toEqual(pinnedTo(CORE, { since: NOW }));
  });

  it("knows where its repository declares the name", () => {
    expect(settle(undefined, { pathIn: (id) => (id === CORE ? "core.toml" : "other.toml") })).toEqual(
      pinnedTo(CORE, { since: NOW, path: "core.toml" }),
    );
    expect(settle(pinnedTo(CORE, { path: "old.toml" }))).toEqual(pinnedTo(CORE, { path: "old.toml" }));
    expect(settle(pinnedTo(CORE), { pathIn: () => "new.toml" })).toEqual(pinnedTo(CORE, { path: "new.toml" }));
  });

  it.each([OTHER, undefined])(
    "stays with its repository when that has another name, and its name is that of %s",
    (named) => {
      expect(settle(pinnedTo(CORE), { named })).toEqual(pinnedTo(CORE));
    },
  );
});

describe("a pinned name whose repository is gone", () => {
  const gone = { exists: (id: number) => id !== CORE, named: OTHER };

  it("rests, whoever has the repository's name by now", () => {
    expect(settle(pinnedTo(CORE), gone)).toEqual({ ...resting, since: NOW });
    expect(settle(resting, gone)).toEqual(resting);
  });

  it("is the repository's again when that comes back", () => {
    expect(settle(resting, { named: OTHER })).toEqual(pinnedTo(CORE, { since: NOW }));
  });

  it("goes to whoever has the repository's name once it has rested", () => {
    const over = { ...resting, since: NOW - RETIREMENT_MS };
    expect(settle({ ...over, since: over.since + 1 }, gone)).toEqual({ ...over, since: over.since + 1 });
    expect(settle(over, gone)).toEqual(pinnedTo(OTHER, { since: NOW }));
  });

  it("is nobody's once it has rested and nobody has that name", () => {
    const over: Claim = { ...resting, since: 0 };
    expect(settle(over, { ...gone, named: undefined })).toEqual({
      ...unbound,
      since: NOW,
      former: { status: "retired", repository: CORE, since: 0 },
    });
  });
});

describe("a pin to a repository that nobody knows", () => {
  const nobody = { named: undefined };

  it("gives the name to nobody", () => {
    expect(settle(undefined, nobody)).toEqual({ ...unbound, since: NOW });
    expect(settle(unbound, nobody)).toEqual(unbound);
  });

  it("remembers whose the name was", () => {
    expect(settle(held, nobody)).toEqual({
      ...unbound,
      since: NOW,
      former: { status: "retired", repository: OTHER, since: NOW },
    });
    const rivals = [{ repository: 9, path: "q" }];
    expect(settle({ ...held, status: "contested", rivals }, nobody)).toMatchObject({ former: { rivals } });
  });

  it("remembers it still when the pin was mended in vain", () => {
    const former = { status: "retired", repository: OTHER, since: BEFORE } as const;
    expect(settle({ ...unbound, former, pin: "typo" }, nobody)).toEqual({ ...unbound, former, since: NOW });
  });
});
