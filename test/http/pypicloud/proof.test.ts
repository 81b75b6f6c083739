import { describe, expect, it } from "vitest";
import type { Claim } from "../../../src/domain/claims.ts";
import type { Policy } from "../../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../../src/domain/policy.ts";
import type { SeenRepository, Sight, TokenIdentity } from "../../../src/http/service.ts";
import { ACME, ALICE, BOB, confirmed, granted, name, NOW, OLGA, repository, viewOf } from "../acme.ts";
import {
  ask,
  BASIC,
  BOBS_TOKEN,
  deferred,
  during,
  LOST_TOKEN,
  OTHER_SECRET,
  serving,
  STRANGERS_TOKEN,
  TOKEN,
  identityOf,
} from "../helpers.ts";

const [STRONG, WEAK, OLGAS] = [TOKEN, LOST_TOKEN, STRANGERS_TOKEN];
const held = (repository: number): Claim => ({ status: "held", repository, path: "pyproject.toml", since: NOW });
const rw = ["read", "write"];
const r = ["read"];

type Sees = (repository: SeenRepository) => Sight | Promise<Sight>;

/** alice with two tokens, bob with one; each sees what is said. */
async function stage(
  sights: { readonly weak?: Sees; readonly strong?: Sees; readonly bobs?: Sees; readonly olgas?: Sees },
  tell: (given: {
    readonly get: (call: string, headers?: Readonly<Record<string, string>>) => Promise<unknown>;
    readonly looks: string[];
    readonly clock: { now: number };
  }) => Promise<void>,
  {
    proof = {},
    view = viewOf(ACME),
  }: { proof?: Partial<Policy["tokens"]["proof"]>; view?: ReturnType<typeof viewOf> } = {},
): Promise<void> {
  const looks: string[] = [];
  const clock = { now: NOW };
  const noted =
    (token: string, sees: Sees = () => "visible"): TokenIdentity["sees"] =>
    (repository) => {
      looks.push(`${token} ${repository.name}`);
      return sees(repository);
    };
  const owners: Readonly<Record<string, TokenIdentity>> = {
    [STRONG]: identityOf(ALICE, "alice", { sees: noted("strong", sights.strong) }),
    [WEAK]: identityOf(ALICE, "alice", { sees: noted("weak", sights.weak ?? (() => "hidden")) }),
    [OLGAS]: identityOf(OLGA, "olga", { sees: noted("olgas", sights.olgas) }),
    [BOBS_TOKEN]: identityOf(BOB, "bob", { sees: noted("bobs", sights.bobs) }),
  };
  const verifyToken = (token: string) => {
    const identity = owners[token];
    return identity === undefined
      ? ({ status: "inactive", reason: "refused" } as const)
      : ({ status: "active", identity } as const);
  };
  const tokens = { proof: { ...DEFAULT_POLICY.tokens.proof, ...proof } };
  const under = { ...view, policy: { ...view.policy, tokens } };
  await during({ ...serving(under), verifyToken, clock: () => clock.now }, ({ port }) =>
    tell({
      looks,
      clock,
      get: async (call, headers = BASIC) => {
        const { status, text } = await ask(port, `/pypicloud/${call}`, { headers });
        return status === 200 ? JSON.parse(text) : status;
      },
    }),
  );
}

const show = (token: string, login = "alice"): string => `verify?username=${login}&password=${token}`;
const core = "user_permissions?package=acme-core";

/** Everything by which pypicloud might let alice write, in its order. */
async function mayWrite(get: (call: string) => Promise<unknown>, name = "acme-core"): Promise<boolean> {
  const users = Object(await get(`user_permissions?package=${name}`));
  const teams = Object(await get(`group_permissions?package=${name}`));
  const principals: unknown[] = ["everyone", "authenticated", ...((await get("groups?username=alice")) as unknown[])];
  const words = [users["alice"], ...principals.map((group) => teams[String(group)])];
  return words.some((of) => Array.isArray(of) && of.includes("write"));
}

describe("what pypicloud is told of somebody who has just shown a token", () => {
  it("is without uploads where the token does not see the repository, by their teams as well", async () => {
    await stage({}, async ({ get, looks }) => {
      expect(await get(show(WEAK))).toBe(true);
      expect(await mayWrite(get)).toBe(false);
      expect(await get(core)).toEqual({ alice: r, bob: r, olga: rw });
      // The team that uploads, and the one whose members are in it; the teams themselves may what they may.
      expect(await get("groups?username=alice")).toEqual(["backend"]);
      expect(await get("group_permissions?package=acme-core")).toEqual({ platform: rw, readers: r });
      expect(await get("user_package_permissions?username=alice")).toEqual(
        ["acme-core", "acme-fight", "acme-old"].map((name) => ({ package: name, permissions: r })),
      );
      expect(looks).toEqual(["weak core"]);
    });
  });

  it("is everything where it does, and where the policy wants no proof nobody is asked", async () => {
    await stage({}, async ({ get, looks }) => {
      await get(show(STRONG));
      expect(await mayWrite(get)).toBe(true);
      expect(await get(core)).toEqual({ alice: rw, bob: r, olga: rw });
      expect(await get("groups?username=alice")).toEqual(["backend", "platform"]);
      expect(looks).toContain("strong core");
    });
    await stage(
      {},
      async ({ get, looks }) => {
        await get(show(WEAK));
        expect(await mayWrite(get)).toBe(true);
        expect(looks).toEqual([]);
      },
      { proof: { upload: "identity" } },
    );
  });

  it.each<Sight>(["hidden", "unverifiable"])("is nothing but reads while a look comes to %s", async (sight) => {
    for (const answer of [sight, Promise.resolve(sight)]) {
      await stage({ strong: () => answer }, async ({ get }) => {
        await get(show(STRONG));
        expect(await mayWrite(get)).toBe(false);
      });
    }
  });

  it("never lets a weak token ride on a strong one, whichever came first", async () => {
    for (const order of [
      [STRONG, WEAK],
      [WEAK, STRONG],
    ]) {
      await stage({}, async ({ get, clock }) => {
        for (const token of order) await get(show(token));
        expect(await mayWrite(get)).toBe(false);
        // Each counts from when it was last shown.
        clock.now += 6_000;
        await get(show(STRONG));
        clock.now += 5_000;
        expect(await get(core)).toMatchObject({ alice: rw });
        await get(show(WEAK));
        expect(await mayWrite(get)).toBe(false);
      });
    }
  });

  it("is looked at again after a while, however often the token is shown meanwhile", async () => {
    let sight: Sight = "visible";
    await stage({ strong: () => sight }, async ({ get, looks, clock }) => {
      await get(show(STRONG));
      await get(core);
      sight = "hidden";
      clock.now += 9_999;
      await get(show(STRONG));
      expect(await get(core)).toMatchObject({ alice: rw });
      clock.now += 1;
      expect(await mayWrite(get)).toBe(false);
      expect(looks).toEqual(["strong core", "strong core"]);
    });
  });

  it("takes nothing for granted of a token that came while another was looked with", async () => {
    const [begun, answer] = [deferred<void>(), deferred<Sight>()];
    const strong: Sees = () => {
      begun.resolve();
      return answer.promise;
    };
    await stage({ strong }, async ({ get, looks }) => {
      await get(show(STRONG));
      const first = get(core);
      await begun.promise;
      await get(show(WEAK));
      answer.resolve("visible");
      expect(await first).toMatchObject({ alice: rw });
      expect(await mayWrite(get)).toBe(false);
      expect(looks).toContain("weak core");
    });
  });

  it("is of no consequence to others, nor to what another index client asks", async () => {
    const other = { authorization: `Basic ${Buffer.from(`index-b:${OTHER_SECRET}`).toString("base64")}` };
    await stage({}, async ({ get }) => {
      await get(show(WEAK));
      await get(show(BOBS_TOKEN, "bob"));
      expect(await get(core, other)).toEqual({ alice: rw, bob: r, olga: rw });
      expect(await get(core)).toEqual({ alice: r, bob: r, olga: rw });
      expect(await get("groups?username=bob")).toEqual(["readers"]);
    });
  });

  it("is asked of GitHub once more only after a while, where somebody's token was found not to do", async () => {
    await stage({}, async ({ get, looks, clock }) => {
      await get(show(WEAK));
      for (let times = 0; times < 20; times += 1) await get(core);
      expect(looks).toEqual(["weak core"]);
      clock.now += 9_999;
      await get(show(WEAK));
      expect(await mayWrite(get)).toBe(false);
      expect(looks).toEqual(["weak core"]);
      clock.now += 1;
      await get(core);
      expect(looks).toEqual(["weak core", "weak core"]);
      // What was not asked again is doubted all the same.
      clock.now += 5_000;
      await get(show(WEAK));
      await get(core);
      clock.now += 9_999;
      expect(await get("groups?username=alice")).toEqual(["backend"]);
    });
  });

  it("covers reads where the policy wants that, and then leaves out what is not proven", async () => {
    const sees: Sees = ({ name }) => (name === "core" ? "visible" : "hidden");
    await stage(
      { strong: sees },
      async ({ get }) => {
        await get(show(STRONG));
        expect(await get("user_permissions?package=acme-old")).toEqual({ alice: [], dave: r, olga: r });
        expect(await get("groups?username=alice")).toEqual([]);
        expect(await get(core)).toMatchObject({ alice: rw });
        expect(await get("user_package_permissions?username=alice")).toEqual([
          { package: "acme-core", permissions: rw },
        ]);
      },
      { proof: { read: "repository" } },
    );
  });

  it("is asked anew when the facts change on the way", async () => {
    let view = viewOf(ACME);
    const repositories = new Map(ACME.repositories).set(103, confirmed(repository("moved")));
    const moved = viewOf(
      { ...ACME, repositories, access: new Map(ACME.access).set(103, confirmed(granted({}))) },
      { revision: view.revision + 1, claims: new Map(view.claims).set(name("acme-core"), held(103)) },
    );
    const looks: string[] = [];
    const sees: Sees = async (seen) => {
      looks.push(seen.name);
      view = moved;
      return seen.name === "core" ? "visible" : "hidden";
    };
    const identity = identityOf(OLGA, "olga", { sees });
    const organizations = () => [{ id: 1, login: "acme", view: () => view, confirm: () => Promise.resolve() }];
    await during({ organizations, verifyToken: () => ({ status: "active", identity }) }, async ({ port }) => {
      await ask(port, `/pypicloud/${show(STRONG, "olga")}`, { headers: BASIC });
      expect((await ask(port, `/pypicloud/${core}`, { headers: BASIC })).json).toMatchObject({ olga: r });
    });
    expect(looks).toEqual(["core", "moved"]);
  });

  it("leaves out a team that gives something, and also one that gave nothing while that was too old", async () => {
    const access = new Map(ACME.access).set(100, confirmed(ACME.access.get(100)?.value ?? granted({}), NOW - 10));
    let view = viewOf({ ...ACME, access }, { freshSince: NOW - 10 });
    const identity = identityOf(ALICE, "alice", { sees: () => "hidden" });
    const organizations = () => [{ id: 1, login: "acme", view: () => view, confirm: () => Promise.resolve() }];
    await during({ organizations, verifyToken: () => ({ status: "active", identity }) }, async ({ port }) => {
      const get = async (call: string) => (await ask(port, `/pypicloud/${call}`, { headers: BASIC })).json;
      await get(show(WEAK));
      expect(await get(core)).toMatchObject({ alice: r });
      view = { ...view, freshSince: NOW - 9 };
      expect(await get("groups?username=alice")).toEqual(["backend", "platform"]);
      view = { ...view, freshSince: NOW - 10 };
      expect(await get("groups?username=alice")).toEqual(["backend"]);
      // It may give it again at any moment.
      view = { ...view, freshSince: NOW - 9 };
      expect(await get("groups?username=alice")).toEqual(["backend"]);
    });
  });
});

describe("an owner", () => {
  const admin = "admin?username=olga";

  it("is pypicloud's admin by a token that sees all that declare packages, and by no other", async () => {
    await stage({}, async ({ get, looks }) => {
      // By name alone the index vouches for them, as for everybody.
      expect(await get(admin)).toBe(true);
      await get(show(OLGAS, "olga"));
      expect(await get(admin)).toBe(true);
      expect(looks).toEqual(["olgas core", "olgas old", "olgas fight"]);
    });
    await stage({ olgas: ({ name }) => (name === "old" ? "hidden" : "visible") }, async ({ get }) => {
      await get(show(OLGAS, "olga"));
      expect(await get(admin)).toBe(false);
      // And still publishes what the token is good for.
      expect(await get(core)).toMatchObject({ olga: rw });
      expect(await get("admin?username=alice")).toBe(false);
    });
  });

  it("is none while there is too much to look at, and nothing is", async () => {
    const numbers = Array.from({ length: 51 }, (_, n) => 1_000 + n);
    const claims = new Map(numbers.map((id) => [name(`many-${id}`), held(id)]));
    const repositories = new Map(numbers.map((id) => [id, confirmed(repository(`many-${id}`))]));
    await stage(
      {},
      async ({ get, looks, clock }) => {
        await get(show(OLGAS, "olga"));
        expect(await get(admin)).toBe(false);
        expect(looks).toEqual([]);
        clock.now += 10_000;
        expect(await get(admin)).toBe(true);
      },
      { view: viewOf({ ...ACME, repositories }, { claims }) },
    );
  });

  it("needs none where the policy wants none", async () => {
    await stage(
      { olgas: () => "hidden" },
      async ({ get }) => {
        await get(show(OLGAS, "olga"));
        expect(await get(admin)).toBe(true);
      },
      { proof: { upload: "identity", delete: "identity" } },
    );
  });
});

describe("what is kept of those who have just shown a token", () => {
  it("is bounded: whoever shows too many is not let in until the first are forgotten", async () => {
    const clock = { now: NOW };
    const verifyToken = () => ({ status: "active", identity: identityOf(ALICE, "alice") }) as const;
    await during({ verifyToken, clock: () => clock.now }, async ({ port }) => {
      const come = async (number: number) =>
        (await ask(port, `/pypicloud/${show(`token-${number}`)}`, { headers: BASIC })).status;
      for (let number = 0; number < 16; number += 1) expect(await come(number)).toBe(200);
      expect(await come(16)).toBe(503);
      expect(await come(3)).toBe(200);
      clock.now += 10_000;
      expect(await come(16)).toBe(200);
    });
  });
});
