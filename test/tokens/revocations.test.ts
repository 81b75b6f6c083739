import { beforeEach, describe, expect, it } from "vitest";
import type { Minted } from "../../src/tokens/claims.ts";
import type { Entry } from "../../src/tokens/ledger.ts";
import { createLedger } from "../../src/tokens/ledger.ts";
import { LIFE_MS, wholeSecond } from "../../src/tokens/life.ts";
import { createRevocations } from "../../src/tokens/revocations.ts";

const START = 1_795_291_200_000;
let time = START;
let kept: readonly Entry[] = [];
beforeEach(() => {
  time = START;
  kept = [];
});

/** As they are to a process that begins now. */
const open = (most?: number) => {
  const keep = (entries: readonly Entry[]): Promise<boolean> => {
    kept = entries;
    return Promise.resolve(true);
  };
  return createRevocations(createLedger(kept, keep, () => time, most));
};
let ids = 0;
const madeFor = (user: number, issuedAt = wholeSecond(time)): Minted => ({
  kind: "user",
  user,
  login: "somebody",
  organizations: [1],
  id: `id-${++ids}`,
  issuedAt,
  expiresAt: issuedAt + LIFE_MS.user,
});
const madeForRun = (issuedAt = wholeSecond(time)): Minted => ({
  kind: "run",
  bounds: { packages: undefined, permissions: ["read"] },
  run: {
    organization: 1,
    repository: 7,
    event: "push",
    ref: "x",
    refProtected: true,
    environment: undefined,
    workflow: "w",
  },
  id: `id-${++ids}`,
  issuedAt,
  expiresAt: issuedAt + LIFE_MS.run,
});

describe("revocations", () => {
  it("end one token, and no other", async () => {
    const revocations = open();
    const [one, other] = [madeFor(1), madeFor(1)];
    expect(await revocations.end(one)).toBe("kept");
    expect([revocations.covers(one), revocations.covers(other)]).toStrictEqual([true, false]);
    expect([open().covers(one), open().covers(other)]).toStrictEqual([true, false]);
  });

  it("end all that a person has, nobody else's, and nothing that is made later; also for the next process", async () => {
    const [first, others, run] = [madeFor(1, START - 60_000), madeFor(2), madeForRun()];
    time += 700;
    const same = madeFor(1);
    await open().endUser(1, time);
    time += 300;
    const later = madeFor(1);
    const covered = [first, same, later, others, run].map(open().covers);
    expect(covered).toStrictEqual([true, true, false, false, false]);
  });

  it("end what a person had for as long as it would have lived, whatever else is heard meanwhile", async () => {
    const token = madeFor(1);
    await open().endUser(1, time);
    // Found in GitHub's log later, and delivered before.
    await open().endUser(1, time - 3_600_000);
    time = token.expiresAt - 1;
    expect(open().covers(token)).toBe(true);
  });

  it("end a person's tokens also where there is no room left", async () => {
    const revocations = open(1);
    const [one, two] = [madeFor(1), madeFor(2)];
    expect([await revocations.end(one), await revocations.end(two)]).toStrictEqual(["kept", "full"]);
    await revocations.endUser(2, time);
    expect(revocations.covers(two)).toBe(true);
  });

  it("end all of a kind that was made before a moment", async () => {
    const [person, run] = [madeFor(1, START - 1000), madeForRun(START - 1000)];
    await open().endAll("user", START);
    expect([person, run, madeFor(1)].map(open().covers)).toStrictEqual([true, false, false]);
    await open().endAll("run", START);
    expect([run, madeForRun()].map(open().covers)).toStrictEqual([true, false]);
  });
});
