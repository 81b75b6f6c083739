import { NO_POLICY } from "../domain/facts-builder.ts";
import { describe, expect, it } from "vitest";
import { createBudget } from "../../src/github/budget.ts";
import { createConfirmation } from "../../src/github/confirmation.ts";
import { GitHubFailure } from "../../src/github/failure.ts";
import type { Reader } from "../../src/github/reader/reader.ts";
import { createReconciler } from "../../src/github/reconciler.ts";
import { createWithheld } from "../../src/github/withheld.ts";
import type { Slice, SliceKey } from "../../src/state/slice.ts";
import { SHARED_KINDS } from "../../src/state/slice.ts";
import { createStore } from "../../src/state/store.ts";
import { createFakeTime, flush } from "./support/fake-time.ts";

type Emit = (slices: Slice[]) => void;
interface Call {
  readonly keys: readonly SliceKey[];
  readonly emit: Emit;
  /** Ends the call; with what a reader would emit unless told otherwise. */
  readonly finish: (slices?: Slice[]) => Promise<void>;
  readonly fail: (error: unknown) => Promise<void>;
}

const empty: Record<(typeof SHARED_KINDS)[number], Slice> = {
  organization: { kind: "organization", asOf: 0, value: { id: 1, login: "acme", basePermission: "none" } },
  policy: { kind: "policy", asOf: 0, value: NO_POLICY },
  members: { kind: "members", asOf: 0, value: new Map() },
  teams: { kind: "teams", asOf: 0, value: new Map() },
  "organization-roles": { kind: "organization-roles", asOf: 0, value: [] },
  "custom-roles": { kind: "custom-roles", asOf: 0, value: new Map() },
  repositories: { kind: "repositories", asOf: 0, value: new Set() },
};

function sliceFor(key: SliceKey): Slice {
  const [kind, id] = key.split("/");
  if (kind === "team-members") return { kind, id: Number(id), asOf: 0, value: new Set<number>() };
  if (kind === "repository" || kind === "access") return { kind, id: Number(id), asOf: 0, value: undefined };
  const shared = SHARED_KINDS.find((each) => each === kind);
  if (shared === undefined) throw new Error(`no such key: ${key}`);
  return empty[shared];
}

/** A reconciler on a real store, with a reader that does as the test says; founded, unless told otherwise. */
function stage({ founded = true } = {}) {
  const time = createFakeTime();
  const store = createStore({ id: 1, login: "acme" }, time.now);
  if (founded) store.apply(Object.values(empty));
  const calls: Call[] = [];
  const discoveries: { readonly login: string; readonly answer: (keys: SliceKey[] | Error) => Promise<void> }[] = [];
  const failures: { readonly what: string; readonly message: string; readonly cause: unknown }[] = [];
  const settled: number[] = [];
  const drifted: SliceKey[] = [];
  const reader: Reader = {
    read: (keys, _, emit) =>
      new Promise((resolve, reject) => {
        calls.push({
          keys,
          emit,
          finish: (slices = keys.map(sliceFor)) => {
            emit(slices);
            resolve();
            return flush();
          },
          fail: (error) => {
            reject(error);
            return flush();
          },
        });
      }),
    discover: ({ login }) =>
      new Promise((resolve, reject) => {
        discoveries.push({
          login,
          answer: (keys) => {
            if (keys instanceof Error) reject(keys);
            else resolve(keys);
            return flush();
          },
        });
      }),
    outdated: () => Promise.resolve([]),
    permission: () => Promise.resolve(undefined),
  };
  const withheld = createWithheld();
  const reconciler = createReconciler({
    withheld,
    reader,
    facts: () => store.view().facts,
    missing: store.missing,
    apply: store.apply,
    time,
    budget: createBudget(time.now),
    onDrift: (keys) => drifted.push(...keys),
    onSettled: (milliseconds) => settled.push(milliseconds),
    onFailure: (what, failure, cause) => failures.push({ what, message: failure.message, cause }),
  });
  const isIdle = async (): Promise<boolean> => {
    let idle = false;
    void reconciler.idle().then(() => (idle = true));
    await flush();
    return idle;
  };
  const call = (index: number): Call => {
    const found = calls.at(index);
    if (found === undefined) throw new Error(`only ${calls.length} reads were made`);
    return found;
  };
  return { time, store, withheld, calls, call, discoveries, failures, settled, drifted, reconciler, isIdle };
}

const down = (): GitHubFailure => new GitHubFailure("unavailable", "GitHub is down.");

describe("what two hundred wait for at a time", () => {
  const KEYS: readonly SliceKey[] = ["members", "teams", "organization-roles"];

  function crowded() {
    const { time, store, calls, call, reconciler, isIdle } = stage();
    const confirmation = createConfirmation(() => store.view().facts, time);
    let confirmed = 0;
    const crowd = (since: number): void => {
      for (let asker = 0; asker < 200; asker += 1) {
        void confirmation.wait(KEYS, since, reconciler).then(() => (confirmed += 1));
      }
    };
    /** Ends readings as a reader does: what it says was so when they began. */
    const finish = async (indices: readonly number[], asOf: number): Promise<void> => {
      for (const index of indices)
        await call(index).finish(call(index).keys.map((key) => ({ ...sliceFor(key), asOf })));
      confirmation.applied();
      await flush();
    };
    return { time, calls, crowd, finish, isIdle, confirmed: () => confirmed };
  }
  const keysOf = (calls: readonly Call[]): SliceKey[] => calls.flatMap(({ keys }) => keys).toSorted();

  it("is read once", async () => {
    const { time, calls, crowd, finish, isIdle, confirmed } = crowded();
    const now = time.now();
    crowd(now);
    await time.pass(50);
    crowd(now);
    await finish([...calls.keys()], now);
    expect(keysOf(calls)).toEqual(KEYS.toSorted());
    expect({ confirmed: confirmed(), idle: await isIdle() }).toEqual({ confirmed: 400, idle: true });
  });

  it("is read once more for all who want what is newer than the reading under way", async () => {
    const { time, calls, crowd, finish, isIdle, confirmed } = crowded();
    const first = time.now();
    crowd(first);
    for (let wave = 0; wave < 5; wave += 1) {
      await time.pass(10);
      crowd(time.now());
    }
    await finish([0, 1, 2], first);
    expect(confirmed()).toBe(200);
    await finish([3, 4, 5], time.now());
    expect(keysOf(calls)).toEqual([...KEYS, ...KEYS].toSorted());
    expect({ confirmed: confirmed(), idle: await isIdle() }).toEqual({ confirmed: 1200, idle: true });
  });
});

describe("what is read", () => {
  it("comes once for a hundred hints, and once more for hints during the read, however many", async () => {
    const { calls, call, reconciler } = stage();
    for (let hint = 0; hint < 100; hint += 1) reconciler.hint(["members"]);
    expect(calls).toHaveLength(1);
    for (let hint = 0; hint < 100; hint += 1) reconciler.hint(["members"]);
    expect(calls).toHaveLength(1);
    await call(0).finish();
    expect(calls).toHaveLength(2);
    await call(1).finish();
    expect(calls).toHaveLength(2);
    expect(reconciler.status()).toEqual({
      doubtfulSince: undefined,
      failures: new Set(),
      doubts: [],
      queued: 0,
      budget: 1,
    });
  });

  it("comes in the order in which it makes sense, not more than so much at once, and in batches", async () => {
    const { calls, call, reconciler, isIdle } = stage();
    const repositories = Array.from({ length: 60 }, (_, id): SliceKey => `repository/${id}`);
    const teams = Array.from({ length: 120 }, (_, id): SliceKey => `team-members/${id}`);
    reconciler.hint(["members"]);
    reconciler.hint([...repositories, ...teams, "access/1", ...SHARED_KINDS]);
    expect(calls.map(({ keys: [first = "", ...rest] }) => `${first} +${rest.length}`)).toEqual([
      "members +0",
      "organization +0",
      "policy +0",
      "teams +0",
      "organization-roles +0",
      "custom-roles +0",
      "repositories +0",
      "team-members/0 +24",
    ]);
    await call(-1).finish();
    expect(calls.at(-1)?.keys[0]).toBe("team-members/25");
    for (let index = 0; index < calls.length; index += 1) await call(index).finish();
    expect(calls.map(({ keys }) => keys[0])).toEqual(
      expect.arrayContaining(["repository/0", "repository/50", "access/1"]),
    );
    expect(await isIdle()).toBe(true);
  });

  it("of one kind does not keep the others waiting, however often it is hinted", async () => {
    const { calls, reconciler } = stage();
    reconciler.hint(["teams"]);
    for (let hint = 0; hint < 20; hint += 1) reconciler.hint(["teams"]);
    reconciler.hint(["access/1"]);
    expect(calls.map(({ keys }) => keys)).toEqual([["teams"], ["access/1"]]);
  });

  it("is void when something happened to it meanwhile", async () => {
    const { store, call, reconciler } = stage();
    reconciler.hint(["members"]);
    reconciler.hint(["members"]);
    const stale = new Map([[7, { login: "gone", owner: true }]]);
    await call(0).finish([{ kind: "members", asOf: 0, value: stale }]);
    expect(store.view().facts.members?.value.size).toBe(0);
    await call(1).finish([{ kind: "members", asOf: 0, value: new Map([[8, { login: "here", owner: false }]]) }]);
    expect([...(store.view().facts.members?.value.keys() ?? [])]).toEqual([8]);
  });

  it("leads to what follows from it", async () => {
    const { calls, call, reconciler } = stage();
    reconciler.hint(["teams"]);
    const team = { nodeId: "T", slug: "t", parent: undefined };
    await call(0).finish([{ kind: "teams", asOf: 0, value: new Map([[5, team]]) }]);
    expect(calls.at(-1)?.keys).toEqual(["team-members/5"]);
  });

  it("of teams and access is void after what may concern any of them", async () => {
    const { calls, call, reconciler } = stage();
    reconciler.hint(["team-members/1", "access/1", "members"]);
    reconciler.unsettle();
    expect(calls).toHaveLength(3);
    for (const index of [0, 1, 2]) await call(index).finish();
    expect(calls.slice(3).map(({ keys }) => keys)).toEqual([["team-members/1"], ["access/1"]]);
  });
});

describe("what was just taken away", () => {
  const removed = { kind: "member", user: 7 } as const;
  const lagging = (asOf: number): Slice => ({
    kind: "members",
    asOf,
    value: new Map([[7, { login: "gone", owner: true }]]),
  });

  it("is not given back before an echo says so, which is read although nobody else asked for it", async () => {
    const { store, withheld, calls, call, reconciler, time } = stage();
    withheld.add(removed, time.now(), store.view().facts);
    reconciler.refresh(["members"], "resync");
    await call(0).finish([lagging(time.now())]);
    expect(store.view().facts.members?.value.size).toBe(0);
    await time.pass(4_999);
    expect(calls).toHaveLength(1);
    await time.pass(1);
    expect(calls).toHaveLength(2);
    await call(1).finish([lagging(time.now())]);
    expect(store.view().facts.members?.value.size).toBe(1);
  });

  it("is not given back by a reading that takes long, either", async () => {
    const { store, withheld, call, reconciler, time } = stage();
    withheld.add(removed, time.now(), store.view().facts);
    reconciler.hint(["members", "teams"]);
    const began = time.now();
    await time.pass(60_000);
    await call(1).finish();
    await call(0).finish([lagging(began)]);
    expect(store.view().facts.members?.value.size).toBe(0);
  });
});

describe("people", () => {
  it("are looked for one by one, and what is found is read", async () => {
    const { calls, discoveries, reconciler, isIdle } = stage();
    reconciler.discover([
      { id: 1, login: "alice" },
      { id: 2, login: "bob" },
      { id: 1, login: "alice" },
    ]);
    expect(discoveries.map(({ login }) => login)).toEqual(["alice", "bob"]);
    await discoveries[0]?.answer(["access/9"]);
    expect(calls.map(({ keys }) => keys)).toEqual([["access/9"]]);
    expect(await isIdle()).toBe(false);
  });

  it("that cannot be looked for are looked for again", async () => {
    const { time, discoveries, reconciler, isIdle } = stage();
    reconciler.discover([{ id: 1, login: "alice" }]);
    await discoveries[0]?.answer(down());
    expect([...reconciler.status().failures]).toEqual(["GitHub is down."]);
    expect(await isIdle()).toBe(true);
    await time.pass(15_000);
    expect(discoveries).toHaveLength(2);
    await discoveries[1]?.answer([]);
    expect(reconciler.status()).toMatchObject({ failures: new Set(), doubtfulSince: undefined });
  });
});

describe("a read that fails", () => {
  it.each([
    { kind: "gone", after: 60_000 },
    { kind: "forbidden", after: 60_000 },
    { kind: "limited", after: 60_000 },
    { kind: "too-large", after: 60_000 },
    { kind: "unavailable", after: 15_000 },
  ] as const)("as $kind is tried again after $after ms, and not before", async ({ kind, after }) => {
    const { time, calls, call, reconciler } = stage();
    reconciler.hint(["members"]);
    await call(0).fail(new GitHubFailure(kind, "No."));
    await time.pass(after - 1);
    expect(calls).toHaveLength(1);
    await time.pass(1);
    expect(calls).toHaveLength(2);
    await call(1).finish();
    expect(reconciler.status().failures).toEqual(new Set());
    await time.pass(600_000);
    expect(calls).toHaveLength(2);
  });

  it("by a rate limit is tried again when GitHub says", async () => {
    const { time, calls, call, reconciler } = stage();
    reconciler.hint(["members"]);
    await call(0).fail(new GitHubFailure("limited", "Slow.", time.now() + 900_000));
    await time.pass(899_999);
    expect(calls).toHaveLength(1);
    await time.pass(1);
    expect(calls).toHaveLength(2);
  });

  it("does not keep others from being read, and what it emitted stands", async () => {
    const { time, calls, call, store, reconciler } = stage();
    reconciler.hint(["team-members/1", "team-members/2", "team-members/3"]);
    call(0).emit([sliceFor("team-members/1"), sliceFor("team-members/3")]);
    await call(0).fail(down());
    expect([...store.view().facts.teamMembers.keys()]).toEqual([1, 3]);
    reconciler.hint(["members"]);
    await call(1).finish();
    expect(reconciler.status()).toMatchObject({ failures: new Set(["GitHub is down."]) });
    await time.pass(15_000);
    expect(calls.at(-1)?.keys).toEqual(["team-members/2"]);
  });

  it("stays in the status until everything that it kept from being read has been read", async () => {
    const { time, call, calls, reconciler } = stage();
    reconciler.hint(["access/1"]);
    reconciler.hint(["access/2"]);
    await call(0).fail(new GitHubFailure("forbidden", "Hidden."));
    await call(1).finish();
    expect(reconciler.status().failures).toEqual(new Set(["Hidden."]));
    await time.pass(60_000);
    expect(calls.at(-1)?.keys).toEqual(["access/1"]);
    await call(-1).finish();
    expect(reconciler.status().failures).toEqual(new Set());
  });

  it("and succeeds for another reason before its next try is not tried again", async () => {
    const { time, calls, call, reconciler } = stage();
    reconciler.hint(["members"]);
    await call(0).fail(down());
    reconciler.hint(["members"]);
    await call(1).finish();
    expect(reconciler.status().failures).toEqual(new Set());
    await time.pass(600_000);
    expect(calls).toHaveLength(2);
  });

  it("again and again is tried once in a while, not more often for each hint", async () => {
    const { time, calls, call, reconciler } = stage();
    for (let hint = 0; hint < 20; hint += 1) {
      reconciler.hint(["members"]);
      await call(-1).fail(down());
    }
    expect(calls).toHaveLength(20);
    for (let round = 1; round <= 5; round += 1) {
      await time.pass(15_000);
      expect(calls).toHaveLength(20 + round);
      await call(-1).fail(down());
    }
    expect(time.asleep()).toBe(1);
  });

  it("anew before its next try waits from then on, though the doubt is as old as it was", async () => {
    const { time, calls, call, reconciler } = stage();
    const since = time.now();
    reconciler.hint(["members"]);
    await call(0).fail(down());
    await time.pass(10_000);
    reconciler.hint(["members"]);
    await call(1).fail(down());
    await time.pass(14_999);
    expect(calls).toHaveLength(2);
    await time.pass(1);
    expect(calls).toHaveLength(3);
    expect(reconciler.status().doubtfulSince).toBe(since);
  });

  it("for no reason that anybody expects is reported with its cause, and is tried again", async () => {
    const { time, calls, call, failures, reconciler } = stage();
    const cause = new TypeError("a bug");
    reconciler.hint(["members"]);
    await call(0).fail(cause);
    expect(failures).toEqual([{ what: "members", message: expect.stringContaining("unexpectedly"), cause }]);
    await time.pass(15_000);
    expect(calls).toHaveLength(2);
  });

  it("when what was read cannot be applied is one like any other", async () => {
    const { call, failures, reconciler } = stage();
    reconciler.hint(["members"]);
    const broken = {
      kind: "members",
      asOf: 0,
      get value(): never {
        throw new RangeError("boom");
      },
    } as const;
    expect(() => call(0).emit([broken])).toThrow("boom");
    await call(0).fail(new RangeError("boom"));
    expect(failures).toHaveLength(1);
  });
});

describe("what GitHub names but does not show", () => {
  it("is told of, and asked for once a minute: no hot loop, and no silence", async () => {
    const { time, calls, call, failures, reconciler } = stage();
    reconciler.hint(["teams"]);
    const skeleton: Slice = {
      kind: "teams",
      asOf: 0,
      value: new Map([[5, { nodeId: "T", slug: "t", parent: undefined }]]),
    };
    await call(0).finish([skeleton]);
    // The team's node is null: it looks deleted, so the skeleton is read again, and still has it.
    const answer = async (index: number): Promise<void> => {
      const [key] = call(index).keys;
      await call(index).finish(
        key === "teams" ? [skeleton] : [{ kind: "team-members", id: 5, asOf: 0, value: undefined }],
      );
    };
    for (let index = 1; index < calls.length; index += 1) await answer(index);
    expect(calls.map(({ keys }) => keys[0])).toEqual(["teams", "team-members/5", "teams"]);
    expect([...reconciler.status().failures]).toEqual([expect.stringContaining("team-members/5")]);
    for (let minute = 0; minute < 10; minute += 1) {
      const before = calls.length;
      await time.pass(60_000);
      for (let index = before; index < calls.length; index += 1) await answer(index);
      expect(calls.length - before).toBe(2);
    }
    expect(failures).toHaveLength(11);
    await time.pass(60_000);
    await call(-1).finish();
    expect(reconciler.status().failures).toEqual(new Set());
  });

  it("is no matter while it is being read or waits for its next try", async () => {
    const { failures, call, reconciler } = stage({ founded: false });
    reconciler.hint(SHARED_KINDS);
    for (const index of [0, 1, 2, 3, 4, 5]) await call(index).finish();
    expect(failures).toEqual([]);
    await call(6).fail(down());
    expect(failures.map(({ what }) => what)).toEqual(["repositories"]);
  });
});

describe("idle", () => {
  it("comes when nothing is queued or read; what waits for its next try does not count", async () => {
    const { call, calls, reconciler, isIdle, time } = stage();
    expect(await isIdle()).toBe(true);
    reconciler.hint(["members"]);
    expect(await isIdle()).toBe(false);
    await call(0).fail(down());
    expect(await isIdle()).toBe(true);
    await time.pass(15_000);
    expect(calls).toHaveLength(2);
    expect(await isIdle()).toBe(false);
    const waiting = Promise.all([reconciler.idle(), reconciler.idle()]);
    await call(1).finish();
    await waiting;
  });

  it("comes after a stop, whatever is under way", async () => {
    const { reconciler, calls } = stage();
    reconciler.hint(SHARED_KINDS);
    reconciler.hint(["team-members/1", "access/1", "repository/2", "members"]);
    expect(calls).toHaveLength(8);
    const waiting = reconciler.idle();
    reconciler.stop();
    await waiting;
    await reconciler.idle();
  });
});

describe("a stop", () => {
  it("starts nothing more, applies nothing more, and complains of nothing", async () => {
    const { time, store, calls, call, failures, discoveries, reconciler } = stage();
    reconciler.hint(["members", "teams"]);
    reconciler.discover([{ id: 1, login: "alice" }]);
    const { revision } = store.view();
    reconciler.stop();
    await call(0).finish([{ kind: "members", asOf: 0, value: new Map([[7, { login: "late", owner: true }]]) }]);
    await call(1).fail(down());
    await discoveries[0]?.answer(["access/1"]);
    reconciler.hint(["members"]);
    reconciler.discover([{ id: 2, login: "bob" }]);
    await time.pass(600_000);
    expect(store.view().revision).toBe(revision);
    expect({ calls: calls.length, discoveries: discoveries.length, failures }).toEqual({
      calls: 2,
      discoveries: 1,
      failures: [],
    });
  });

  it("ends what waits for its next try", async () => {
    const { time, calls, call, reconciler } = stage();
    reconciler.hint(["members"]);
    await call(0).fail(down());
    reconciler.stop();
    await time.pass(600_000);
    expect(calls).toHaveLength(1);
  });
});

it("tells how long a doubt waited: from its first hint to the read that settled it", async () => {
  const { time, call, settled, reconciler } = stage();
  reconciler.hint(["members"]);
  const since = time.now();
  await time.pass(500);
  reconciler.hint(["members"]);
  await call(0).finish();
  expect(settled).toEqual([]);
  expect(reconciler.status().doubtfulSince).toBe(since);
  await time.pass(500);
  await call(1).finish();
  expect(settled).toEqual([1000]);
  expect(reconciler.status().doubtfulSince).toBeUndefined();
});
