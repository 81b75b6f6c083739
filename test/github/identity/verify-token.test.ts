import { hash } from "node:crypto";
import { inspect } from "node:util";

import { LRUCache } from "lru-cache";
import nock from "nock";
import { afterEach, describe, expect, test, vi } from "vitest";

import { createBreaker } from "../../../src/github/identity/breaker.ts";
import { createFailureBudget } from "../../../src/github/identity/failure-budget.ts";
import { createGitHubUser } from "../../../src/github/identity/github-user.ts";
import type { AskGitHub, GitHubAnswer } from "../../../src/github/identity/identity.ts";
import { createTokenVerifier, type TokenVerifierOptions } from "../../../src/github/identity/verify-token.ts";
import { classicToken, fineGrainedToken } from "./tokens.ts";

const START = 1_700_000_000_000;
const WELL = { state: "well" } as const;
const REFUSED: GitHubAnswer = { status: "inactive", reason: "refused", health: WELL };
const BOT: GitHubAnswer = { status: "inactive", reason: "unsupported", health: WELL };
const SILENT: GitHubAnswer = { status: "unverifiable", health: WELL };
const FAILING: GitHubAnswer = { status: "unverifiable", health: { state: "failing" } };
const LIMITED: GitHubAnswer = { status: "unverifiable", health: { state: "limited", retryAfterMs: undefined } };

function alive(id = 1, tokenExpiresAt?: number, clientId?: string): GitHubAnswer {
  return { status: "active", id, login: `user-${id}`, clientId, tokenExpiresAt, health: WELL };
}

const refused = { status: "inactive", reason: "refused" };
const unverifiable = (reason: string) => ({ status: "unverifiable", reason });
const token = classicToken("octocat");

function setUp(answer: GitHubAnswer | AskGitHub, options: Partial<TokenVerifierOptions> = {}) {
  const clock = { now: START };
  const now = () => clock.now;
  const results: string[] = [];
  const ask = vi.fn<AskGitHub>(typeof answer === "function" ? answer : () => Promise.resolve(answer));
  const verifier = createTokenVerifier({
    ask,
    breaker: createBreaker({ now, threshold: 3, pauseMs: 1000 }),
    budget: createFailureBudget({ perMinute: 6, now }),
    now,
    ttlMs: 60_000,
    graceMs: 600_000,
    onCheck: (result) => results.push(result),
    ...options,
  });
  const verify = async (text = token, client = "pypi") => verifier.verify(text, client);
  return { ...verifier, verify, verifyNow: verifier.verify, ask, clock, results };
}

/** Answers that the test gives when it likes, in the order of the questions. */
function byHand() {
  const waiting: ((answer: GitHubAnswer) => void)[] = [];
  const ask: AskGitHub = () => new Promise((resolve) => waiting.push(resolve));
  const answer = async (said: GitHubAnswer) => {
    waiting.shift()?.(said);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, answer };
}

afterEach(() => {
  vi.restoreAllMocks();
  nock.cleanAll();
});

describe("one check", () => {
  test("says who the token stands for, since when and until when", async () => {
    const { verify, results } = setUp(alive(583231, undefined, "Iv23liTest"));
    expect(await verify(classicToken("octocat", "ghu_"))).toEqual({
      status: "active",
      identity: {
        id: 583231,
        login: "user-583231",
        kind: "app-user",
        clientId: "Iv23liTest",
        checkedAt: START,
        expiresAt: START + 60_000,
      },
    });
    expect(results).toEqual(["active"]);
  });

  test("believes the token no longer than it lives", async () => {
    const { verify, ask, clock } = setUp(alive(1, START + 10_000));
    expect(await verify()).toMatchObject({ identity: { expiresAt: START + 10_000 } });
    clock.now += 9_999;
    await verify();
    expect(ask).toHaveBeenCalledTimes(1);
    clock.now += 1;
    await verify();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test("a token that lives longer than the ttl is believed for the ttl", async () => {
    const { verify } = setUp(alive(1, START + 3_600_000));
    expect(await verify()).toMatchObject({ identity: { expiresAt: START + 60_000 } });
  });

  test("counts the ttl from the question, not from the answer", async () => {
    const { ask, answer } = byHand();
    const { verify, clock } = setUp(ask);
    const check = verify();
    clock.now += 4000;
    await answer(alive());
    expect(await check).toMatchObject({ identity: { checkedAt: START, expiresAt: START + 60_000 } });
  });

  test("passes on whom GitHub does not take for a person", async () => {
    expect(await setUp(BOT).verify()).toEqual({ status: "inactive", reason: "unsupported" });
  });

  test.each([
    ["malformed", "password"],
    ["malformed", ""],
    ["malformed", token.replace("octocat", "octodog")],
    ["malformed", "x".repeat(10_000)],
    ["malformed", "\ud800".repeat(40)],
    ["unsupported", `ghr_${"a".repeat(76)}`],
    ["unsupported", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"],
  ])("%s tokens are answered at once, and cost neither a call nor budget", (reason, text) => {
    const { verifyNow, ask, results } = setUp(alive());
    for (let i = 0; i < 100; i += 1) expect(verifyNow(text, "pypi")).toEqual({ status: "inactive", reason });
    expect(ask).not.toHaveBeenCalled();
    expect(new Set(results)).toEqual(new Set([reason]));
    expect(verifyNow(token, "pypi")).toBeInstanceOf(Promise);
  });
});

describe("the cache", () => {
  test("answers without a promise, and always the same frozen object", async () => {
    const { verify, verifyNow, results } = setUp(alive());
    const first = await verify();
    expect(verifyNow(token, "devpi")).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(first.status === "active" && Object.isFrozen(first.identity)).toBe(true);
    expect(results).toEqual(["active", "cached"]);
  });

  test("a revoked token is refused after the ttl, and not before GitHub is asked again", async () => {
    const { verify, ask, clock } = setUp(alive());
    await verify();
    ask.mockResolvedValue(REFUSED);
    clock.now += 59_999;
    expect(await verify()).toMatchObject({ status: "active" });
    clock.now += 1;
    expect(await verify()).toEqual(refused);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test.each([REFUSED, BOT])("remembers a no ($reason) for half a minute", async (answer) => {
    const { verify, verifyNow, ask, clock } = setUp(answer);
    const first = await verify();
    clock.now += 29_999;
    expect(verifyNow(token, "pypi")).toBe(first);
    clock.now += 1;
    ask.mockResolvedValue(alive());
    expect(await verify()).toMatchObject({ status: "active" });
  });

  test("remembers a no no longer than a yes", async () => {
    const { verify, ask, clock } = setUp(REFUSED, { ttlMs: 5000 });
    await verify();
    clock.now += 5000;
    await verify();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test.each([SILENT, FAILING])("never remembers that it could not ask", async (answer) => {
    const { verify, ask } = setUp(answer);
    expect(await verify()).toEqual(unverifiable("github"));
    ask.mockResolvedValue(alive());
    expect(await verify()).toMatchObject({ status: "active" });
  });

  describe("while GitHub cannot be asked", () => {
    const owner = { id: 1, login: "user-1" };

    test.each([SILENT, FAILING, LIMITED])("tells whose a token was a while ago", async (answer) => {
      const { verify, ask, clock } = setUp(alive());
      await verify();
      ask.mockResolvedValue(answer);
      clock.now += 600_000;
      expect(await verify()).toMatchObject({ ...unverifiable("github"), lastKnown: owner });
      clock.now += 1;
      expect(await verify()).not.toHaveProperty("lastKnown");
    });

    test("tells so without asking once the breaker is open", async () => {
      const { verify, ask, clock } = setUp(alive());
      await verify();
      ask.mockResolvedValue(FAILING);
      clock.now += 60_000;
      for (let tries = 0; tries < 3; tries += 1) await verify();
      expect(await verify()).toMatchObject({ ...unverifiable("breaker"), lastKnown: owner });
      expect(ask).toHaveBeenCalledTimes(4);
    });

    test("tells nothing of a token that GitHub has refused since, that has ended, or whose owner is to be forgotten", async () => {
      const gone = setUp(alive());
      await gone.verify();
      gone.clock.now += 60_000;
      gone.ask.mockResolvedValue(REFUSED);
      await gone.verify();
      gone.ask.mockResolvedValue(SILENT);
      gone.clock.now += 60_000;
      expect(await gone.verify()).toEqual(unverifiable("github"));

      const ended = setUp(alive(1, START + 90_000));
      await ended.verify();
      ended.ask.mockResolvedValue(SILENT);
      ended.clock.now += 90_000;
      expect(await ended.verify()).toEqual(unverifiable("github"));

      const forgotten = setUp(alive());
      await forgotten.verify();
      forgotten.ask.mockResolvedValue(SILENT);
      forgotten.clock.now += 60_000;
      forgotten.forgetUser(1);
      expect(await forgotten.verify()).toEqual(unverifiable("github"));
    });

    test("tells nothing of a token that was never good", async () => {
      expect(await setUp(SILENT).verify()).toEqual(unverifiable("github"));
    });
  });

  test("an answer about a token that has ended by our clock is not kept", async () => {
    const { verify, ask } = setUp(alive(1, START - 1));
    await verify();
    await verify();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test("a clock set back makes it forget rather than believe for longer", async () => {
    const { verify, ask, clock } = setUp(alive());
    await verify();
    clock.now -= 3_600_000;
    await verify();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test("tells tokens apart", async () => {
    const { verify } = setUp((text) => Promise.resolve(text === token ? alive(1) : alive(2)));
    expect(await verify(token)).toMatchObject({ identity: { id: 1 } });
    expect(await verify(fineGrainedToken(1))).toMatchObject({ identity: { id: 2, kind: "fine-grained" } });
    expect(await verify(token)).toMatchObject({ identity: { id: 1 } });
  });

  test("holds no more than it may; what was unused for longest goes", async () => {
    const { verify, ask } = setUp(alive(), { max: 2 });
    for (const seed of [1, 2, 1, 3, 1]) await verify(classicToken(seed));
    expect(ask).toHaveBeenCalledTimes(3);
    await verify(classicToken(2));
    expect(ask).toHaveBeenCalledTimes(4);
  });

  test("is keyed by the token's SHA-256 and holds the token nowhere", async () => {
    const set = vi.spyOn(LRUCache.prototype, "set");
    await setUp(alive()).verify(classicToken("canary"));
    const [cache] = set.mock.contexts;
    expect(set.mock.calls[0]?.[0]).toBe(hash("sha256", classicToken("canary"), "binary"));
    expect(inspect(cache instanceof LRUCache ? cache.dump() : undefined, { depth: 9 })).toContain("user-1");
    expect(inspect([set.mock.calls, cache], { depth: 9, showHidden: true })).not.toContain("canary");
  });
});

describe("forgetting", () => {
  test("a user, with all tokens, and nobody else", async () => {
    const { verify, forgetUser, ask } = setUp((text) => Promise.resolve(alive(text.includes("alice") ? 1 : 2)));
    const tokens = [classicToken("alice1"), classicToken("alice2"), classicToken("bob")];
    for (const text of tokens) await verify(text);
    forgetUser(1);
    for (const text of tokens) await verify(text);
    expect(ask.mock.calls.map(([text]) => tokens.indexOf(text))).toEqual([0, 1, 2, 0, 1]);
  });

  test("all", async () => {
    const { verify, forgetAll, ask } = setUp((text) => Promise.resolve(text === token ? alive() : REFUSED));
    for (let i = 0; i < 2; i += 1) {
      await verify(token);
      await verify(classicToken("dead"));
      forgetAll();
    }
    expect(ask).toHaveBeenCalledTimes(4);
  });

  test.each(["forgetUser", "forgetAll"] as const)(
    "%s overtakes a question under way: it is asked anew",
    async (forget) => {
      const { ask, answer } = byHand();
      const { verify, results, ...verifier } = setUp(ask);
      const [first, second] = [verify(), verify()];
      verifier[forget](1);
      await answer(alive(1));
      expect(verifier.ask).toHaveBeenCalledTimes(2);
      await answer(REFUSED);
      expect(await first).toEqual(refused);
      expect(await second).toEqual(refused);
      expect(await verify()).toEqual(refused);
      expect(results).toEqual(["shared", "refused", "cached"]);
    },
  );

  test("another user changes nothing for a question under way", async () => {
    const { ask, answer } = byHand();
    const { verify, forgetUser, ...verifier } = setUp(ask);
    const check = verify();
    forgetUser(2);
    await answer(alive(1));
    expect(await check).toMatchObject({ status: "active" });
    expect(verifier.ask).toHaveBeenCalledTimes(1);
  });
});

describe("single flight", () => {
  test("a hundred callers, one question", async () => {
    const { ask, answer } = byHand();
    const { verify, results, ...verifier } = setUp(ask);
    const checks = Array.from({ length: 100 }, (_, i) => verify(token, `client-${i % 3}`));
    await answer(alive());
    const answers = await Promise.all(checks);
    expect(verifier.ask).toHaveBeenCalledTimes(1);
    expect(new Set(answers).size).toBe(1);
    expect(results.filter((result) => result === "shared")).toHaveLength(99);
  });

  test("is over when the answer is there, whatever it was", async () => {
    const { verify, ask } = setUp(SILENT);
    await verify();
    await verify();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test("a question that is rejected counts as GitHub failing", async () => {
    const { verify, ask } = setUp(() => Promise.reject(new Error("boom")));
    for (let i = 0; i < 3; i += 1) expect(await verify()).toEqual(unverifiable("github"));
    expect(await verify()).toEqual(unverifiable("breaker"));
    expect(ask).toHaveBeenCalledTimes(3);
  });
});

async function verifyDead({ verify }: ReturnType<typeof setUp>, count: number) {
  for (let i = 0; i < count; i += 1) await verify(classicToken(`dead${i}`));
}

describe("somebody guessing through an index", () => {
  test("does not lock out whoever was let in before", async () => {
    const good = classicToken("carol");
    const { verify, clock } = setUp((text) => Promise.resolve(text === good ? alive(3) : REFUSED));
    expect(await verify(good)).toMatchObject({ status: "active" });
    clock.now += 60_001;
    for (let guess = 0; guess < 10; guess += 1) await verify(classicToken(`guess${guess}`));
    expect(await verify(classicToken("newcomer"))).toEqual(unverifiable("budget"));
    expect(await verify(good)).toMatchObject({ status: "active" });
  });
});

describe("the failure budget", () => {
  test("after too many failures nothing new is asked for this client", async () => {
    const all = setUp(REFUSED);
    await verifyDead(all, 10);
    expect(all.ask).toHaveBeenCalledTimes(6);
    expect(all.results.slice(6)).toEqual(["budget", "budget", "budget", "budget"]);
    expect(await all.verify(classicToken("new"))).toEqual(unverifiable("budget"));
  });

  test("another client, a known token and a later minute are not concerned", async () => {
    const all = setUp(alive());
    await all.verify(token);
    all.ask.mockResolvedValue(REFUSED);
    await verifyDead(all, 7);
    expect(await all.verify(token)).toMatchObject({ status: "active" });
    expect(await all.verify(classicToken("new"), "devpi")).toEqual(refused);
    all.clock.now += 10_000;
    expect(await all.verify(classicToken("newer"))).toEqual(refused);
  });

  test("a burst is bounded before the first failure is known", async () => {
    const { ask, answer } = byHand();
    const all = setUp(ask);
    const burst = Array.from({ length: 50 }, (_, i) => all.verify(classicToken(`dead${i}`)));
    expect(all.ask).toHaveBeenCalledTimes(6);
    for (let i = 0; i < 6; i += 1) await answer(REFUSED);
    const reasons = (await Promise.all(burst)).map((check) => check.status);
    expect(reasons.filter((status) => status === "unverifiable")).toHaveLength(44);
  });

  test("living tokens and negative entries cost nothing; what could not be verified does", async () => {
    const all = setUp((text) => Promise.resolve(text.includes("live") ? alive() : SILENT));
    for (let i = 0; i < 50; i += 1) {
      expect(await all.verify(classicToken(`live${i}`))).toMatchObject({ status: "active" });
    }
    for (let i = 0; i < 6; i += 1) await all.verify(classicToken("stuck"));
    expect(await all.verify(classicToken("new"))).toEqual(unverifiable("budget"));

    const refusing = setUp(REFUSED);
    for (let i = 0; i < 50; i += 1) await refusing.verify(token);
    expect(await refusing.verify(classicToken("new"))).toEqual(refused);
  });
});

describe("the breaker", () => {
  test("limited by GitHub: nothing new is asked, known tokens go on, budgets are spared", async () => {
    const { verify, ask, results, clock } = setUp(alive());
    await verify(token);
    ask.mockResolvedValue(LIMITED);
    expect(await verify(classicToken("new"))).toEqual(unverifiable("github"));
    for (let i = 0; i < 20; i += 1) expect(await verify(classicToken(`n${i}`))).toEqual(unverifiable("breaker"));
    expect(await verify(token)).toMatchObject({ status: "active" });
    expect(ask).toHaveBeenCalledTimes(2);
    expect(results).toContain("breaker");

    ask.mockResolvedValue(alive(2));
    clock.now += 1000;
    expect(await verify(classicToken("probe"))).toMatchObject({ status: "active" });
    expect(await verify(classicToken("next"))).toMatchObject({ status: "active" });
  });

  test("half open, a single question goes out", async () => {
    const { ask, answer } = byHand();
    const { verify, clock, ...verifier } = setUp(ask);
    const first = verify();
    await answer(LIMITED);
    await first;
    clock.now += 1000;
    const probe = verify(classicToken("probe"));
    expect(await verify(classicToken("other"))).toEqual(unverifiable("breaker"));
    expect(verifier.ask).toHaveBeenCalledTimes(2);
    await answer(REFUSED);
    expect(await probe).toEqual(refused);
    const next = verify(classicToken("other"));
    await answer(alive());
    expect(await next).toMatchObject({ status: "active" });
  });

  test("a probe refused for want of budget does not jam it", async () => {
    const { verify, ask, clock } = setUp(LIMITED, {
      budget: { take: (client) => client !== "poor", giveBack: () => undefined, waitMs: () => 0 },
    });
    await verify();
    clock.now += 1000;
    expect(await verify(token, "poor")).toEqual(unverifiable("budget"));
    ask.mockResolvedValue(alive());
    expect(await verify(token, "rich")).toMatchObject({ status: "active" });
  });

  test("dead tokens are no sign of a sick GitHub", async () => {
    const { verify, ask } = setUp(REFUSED);
    for (let i = 0; i < 6; i += 1) await verify(classicToken(`dead${i}`));
    expect(ask).toHaveBeenCalledTimes(6);
  });
});

test("with GitHub failing in every way, a token reaches no log, error or inspected object", async () => {
  const written: string[] = [];
  const capture = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(capture);
  vi.spyOn(process.stderr, "write").mockImplementation(capture);

  const canary = classicToken("canary", "ghu_");
  const oauth = { clientId: "Iv23liTest", clientSecret: () => "client-secret-canary" };
  const breaker = createBreaker({ now: Date.now, threshold: 1000 });
  const budget = createFailureBudget({ now: Date.now });
  const ask = createGitHubUser({ apiUrl: "https://api.github.com", fetch, now: Date.now, oauth, timeoutMs: 200 });
  const results: string[] = [];
  const onCheck = (result: string) => results.push(result);
  const verifier = createTokenVerifier({ ask, breaker, budget, now: Date.now, ttlMs: 60_000, graceMs: 0, onCheck });

  const api = nock("https://api.github.com");
  const check = () => api.post("/applications/Iv23liTest/token");
  check().replyWithError(new Error(`cannot reach GitHub with ${canary}`));
  check().reply(500, canary);
  check().reply(200, `{"token":"${canary}"}`);
  check().reply(302, canary, { location: `https://evil.example/${canary}` });
  check().reply(404);
  api.get("/user").replyWithError(new Error(canary));
  check().reply(404);
  api.get("/user").reply(401, { message: canary });

  const checks = [];
  for (let i = 0; i < 6; i += 1) checks.push(await verifier.verify(canary, "pypi"));
  expect(checks.at(-1)).toEqual(refused);
  const seen =
    inspect([checks, results, verifier, breaker, budget, ask], { depth: 9, showHidden: true }) + written.join("");
  expect(seen).not.toContain(canary);
  expect(seen).not.toContain("client-secret-canary");
});

describe("an installation's token", () => {
  const text = classicToken("octocat", "ghs_");
  const shows = (complete = true): GitHubAnswer => ({
    status: "installation",
    repositories: new Set([1, 2]),
    complete,
    health: WELL,
  });

  test("stands for what it can see, and for nobody", async () => {
    const { verify, results } = setUp(shows());
    expect(await verify(text)).toEqual({
      status: "installation",
      identity: {
        kind: "installation",
        repositories: new Set([1, 2]),
        complete: true,
        checkedAt: START,
        expiresAt: START + 60_000,
      },
    });
    expect(results).toEqual(["active"]);
  });

  test("is remembered, costs no budget, and is forgotten with all others only", async () => {
    const { verify, ask, forgetUser, forgetAll } = setUp(shows());
    for (let i = 0; i < 20; i += 1) await verify(text);
    forgetUser(1);
    await verify(text);
    expect(ask).toHaveBeenCalledTimes(1);
    forgetAll();
    await verify(text);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test("names nobody who could go on reading while GitHub is away", async () => {
    let answer = shows();
    const { verify, clock } = setUp(() => Promise.resolve(answer));
    await verify(text);
    clock.now += 60_000;
    answer = SILENT;
    expect(await verify(text)).toEqual(unverifiable("github"));
  });
});
