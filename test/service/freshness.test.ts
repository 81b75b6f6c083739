import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Running } from "../helpers/packgate.ts";
import { createRandom } from "../simulator/random.ts";
import type { Lifetimes } from "./lifetimes.ts";
import { createLifetimes } from "./lifetimes.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** What somebody who wants newer facts is kept waiting, and how far the clock moves at a time. */
const PATIENCE = 2 * SECOND + 10;

let world: Lifetimes;
beforeEach(() => {
  world = createLifetimes();
});
afterEach(() => world.end());

const question = (user: string, name = "acme-core") => ({ package: name, user, action: "read" });
const iso = (time: number): string => new Date(time).toISOString();
const asOf = (body: Record<string, unknown>): number => Date.parse(String(body["asOf"]));

/** Asks for facts of a moment. @returns the answer, and how many requests to GitHub it took */
async function askSince(packgate: Running, since: number, user = "alice") {
  const before = world.asked.length;
  const reply = await world.until(packgate.ask({ ...question(user), minAsOf: iso(since) }));
  return { ...reply, requests: world.asked.length - before };
}

/** Waits for facts of a moment as a request does, without the way there. @returns for how long */
async function confirmSince({ service }: Running, since: number): Promise<number> {
  const [organization] = service.http.organizations();
  const [name] = world.acme.organization.claims.keys();
  const claim = [...(organization?.view().claims.keys() ?? [])].find((each) => each === name);
  if (organization === undefined || claim === undefined) throw new Error("nothing is served");
  const began = world.time.now();
  await world.until(organization.confirm(world.acme.users.alice.id, claim, since));
  return world.time.now() - began;
}

describe("no answer rests on a fact older than the maximum", () => {
  it.each([1, 2])(
    "whenever one asks, and however GitHub comes and goes (seed %i)",
    async (seed) => {
      const { github, acme, settled, pass, time } = world;
      const random = createRandom(seed);
      const packgate = await settled({ PACKGATE_MAX_STALENESS: "10m", PACKGATE_RESYNC_INTERVAL: "5m" });
      const reasons = new Set<unknown>();
      for (let look = 0; look < 15; look += 1) {
        if (look % 5 < 4) github.faults.down();
        else github.faults.up();
        await pass(MINUTE + random.below(5 * MINUTE));
        for (const { login } of Object.values(acme.users)) {
          const { body } = await packgate.ask(question(login, random.pick([...acme.organization.claims.keys()])));
          reasons.add(body["reason"]);
          if (body["decision"] === "unknown") continue;
          expect(time.now() - asOf(body)).toBeLessThanOrEqual(10 * MINUTE);
        }
      }
      expect(reasons).toContain("stale");
      expect(reasons).toContain("team");
    },
    MINUTE,
  );
});

describe("minAsOf", () => {
  it("is kept by reading once what is older, for all who ask at the same time", async () => {
    const { settled, pass, time } = world;
    const packgate = await settled();
    await pass(MINUTE);
    const since = time.now();
    const first = await askSince(packgate, since);
    expect(first).toMatchObject({ status: 200 });
    expect(asOf(first.body)).toBeGreaterThanOrEqual(since);
    expect(first.requests).toBeGreaterThan(0);
    expect(await askSince(packgate, since)).toMatchObject({ status: 200, requests: 0 });
    await pass(MINUTE);
    const later = time.now();
    const before = world.asked.length;
    const crowd = await world.until(
      Promise.all(Array.from({ length: 200 }, () => packgate.ask({ ...question("alice"), minAsOf: iso(later) }))),
    );
    expect(new Set(crowd.map(({ status }) => status))).toEqual(new Set([200]));
    expect(Math.min(...crowd.map(({ body }) => asOf(body)))).toBeGreaterThanOrEqual(later);
    expect(world.asked.length - before).toBe(first.requests);
  });

  it("is unknown after two seconds while GitHub is away, however many ask", async () => {
    const { github, settled, pass, time } = world;
    const packgate = await settled();
    await pass(MINUTE);
    github.faults.down();
    const since = time.now();
    expect(await confirmSince(packgate, since)).toBeLessThanOrEqual(PATIENCE);
    const unknown = { status: 503, body: { decision: "unknown", reason: "stale" } };
    const before = world.asked.length;
    for (let ask = 0; ask < 5; ask += 1) expect(await askSince(packgate, since)).toMatchObject(unknown);
    // What is being tried already is not tried once more for each who asks: GitHub hears four tries of each reading.
    expect(world.asked.length - before).toBeLessThanOrEqual(12 * 4);
    expect(await packgate.ask(question("alice"))).toMatchObject({ status: 200 });
    github.faults.up();
    await pass(MINUTE);
    expect(await askSince(packgate, since)).toMatchObject({ status: 200 });
  });

  it("is unknown after two seconds when GitHub is slow", async () => {
    const { github, settled, pass, time } = world;
    const packgate = await settled();
    await pass(MINUTE);
    const slow = github.faults.pause("*", "before");
    expect(await confirmSince(packgate, time.now())).toBeLessThanOrEqual(PATIENCE);
    slow.resume();
  });

  it("of the future is unknown at once, and asks GitHub nothing", async () => {
    const { settled, pass, time } = world;
    const packgate = await settled();
    await pass(MINUTE);
    const since = time.now() + 60 * MINUTE;
    expect(await confirmSince(packgate, since)).toBeLessThanOrEqual(20);
    expect(await askSince(packgate, since)).toMatchObject({ status: 503, body: { reason: "stale" }, requests: 0 });
  });

  it("of a clock that is a little ahead is never answered with less", async () => {
    const { settled, pass, time } = world;
    const packgate = await settled();
    await pass(MINUTE);
    const since = time.now() + SECOND;
    expect(await confirmSince(packgate, since)).toBeLessThanOrEqual(PATIENCE);
    const { status, body } = await askSince(packgate, since);
    expect(status === 503 || asOf(body) >= since).toBe(true);
  });

  it.each(["alice", "erin", "nobody-knows-me"])("holds for a refusal, too (%s)", async (user) => {
    const { settled, pass, time } = world;
    const packgate = await settled();
    await pass(MINUTE);
    const since = time.now();
    const { status, body } = await askSince(packgate, since, user);
    expect(status).not.toBe(503);
    expect(asOf(body)).toBeGreaterThanOrEqual(since);
  });
});
