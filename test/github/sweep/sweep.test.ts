import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { DAY, MINUTE, pass, rewriting, stage, stopClock } from "./stage.ts";

beforeEach(stopClock);
afterEach(() => {
  vi.useRealTimers();
});

describe("what is followed", () => {
  it("whatever did not reach us, oldest first, once", async () => {
    const { sweep, joinUnseen, delivered, acme, asked } = stage();
    await joinUnseen(3);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 3, reread: 0 });
    expect(delivered.map(({ name }) => name)).toEqual(["organization", "organization", "organization"]);
    expect(delivered[0]?.payload).toMatchObject({
      action: "member_added",
      organization: { id: acme.organization.id },
    });
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 0, reread: 0 });
    expect(asked().details).toBe(3);
  });

  it("nothing that came as a webhook and was followed", async () => {
    const { sweep, join, asked } = stage();
    await join(3);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 0, reread: 0 });
    expect(asked()).toEqual({ pages: 1, details: 0 });
  });

  it("what arrived and was not followed: at another process, or when following it failed", async () => {
    const { github, sweep, join } = stage();
    github.deliverTo(() => Promise.resolve(202));
    await join(2);
    expect(await sweep.run()).toMatchObject({ followed: 2 });
  });

  it("what somebody told us of under an id that GitHub says it could not deliver", async () => {
    const { github, sweep, joinUnseen, followed } = stage();
    await joinUnseen(1);
    for (const { guid } of github.deliveries) followed.add(guid);
    expect(await sweep.run()).toMatchObject({ followed: 1 });
    expect(await sweep.run()).toMatchObject({ followed: 0 });
  });

  it("no repeats: one event is one, however often it was sent", async () => {
    const { github, sweep, join, app } = stage();
    const fault = github.faults.lose(() => true);
    github.faults.repeat(() => true);
    await join(2);
    expect(github.deliveries).toHaveLength(4);
    expect(await sweep.run()).toMatchObject({ followed: 2 });
    expect(sweep.status()).toMatchObject({ failedDeliveries: 2 });

    // One of them is sent again by hand, which is one more attempt at the same event.
    fault.end();
    const first = { delivery_id: github.deliveries[0]?.id };
    await app.get("POST /app/hook/deliveries/{delivery_id}/attempts", first, z.unknown());
    await github.settle();
    expect(await sweep.run()).toMatchObject({ followed: 0 });
    expect(sweep.status()).toMatchObject({ failedDeliveries: 1 });
  });

  it("no event that changes nothing here", async () => {
    const { sweep, joinUnseen, asked, delivered } = stage({
      fetch: rewriting((item) => ({ ...item, event: "star" })),
    });
    await joinUnseen(1);
    expect(await sweep.run()).toMatchObject({ followed: 0, reread: 0 });
    expect(asked().details).toBe(0);
    expect(delivered).toEqual([]);
  });
});

describe("how far it looks", () => {
  it.each([{ people: 100 }, { people: 101 }, { people: 250 }])(
    "over all pages of $people deliveries",
    async ({ people }) => {
      const { sweep, join, joinUnseen, delivered, asked } = stage();
      await joinUnseen(1);
      await join(people - 1);
      expect(await sweep.run()).toMatchObject({ followed: 1 });
      expect(delivered).toHaveLength(1);
      expect(asked()).toEqual({ pages: Math.ceil(people / 100), details: 1 });
    },
  );

  it("not beyond what the last sweep saw, but for some minutes", async () => {
    const { github, sweep, join, joinUnseen, asked } = stage();
    await join(250);
    await sweep.run();
    pass(11 * MINUTE);
    github.resetCounts();
    await sweep.run();
    expect(asked().pages).toBe(3);
    await joinUnseen(1);
    github.resetCounts();
    expect(await sweep.run()).toMatchObject({ followed: 1 });
    expect(asked()).toEqual({ pages: 1, details: 1 });
  });

  it("as far back as an earlier process did not look", async () => {
    const { github, sweep, joinUnseen } = stage({ since: Date.now() });
    await joinUnseen(2);
    pass(2 * DAY);
    expect(await sweep.run()).toMatchObject({ followed: 2 });
    expect(sweep.status().sweptUntil).toBe(Date.now());
    expect(github.violations).toEqual([]);
  });

  it("after a first start, at which all is read, only at what came since", async () => {
    const { github, sweep, join } = stage();
    github.deliverTo(() => Promise.resolve(202));
    pass(-2 * MINUTE);
    await join(3);
    pass(2 * MINUTE);
    await join(1);
    expect(sweep.status().sweptUntil).toBeUndefined();
    expect(await sweep.run()).toMatchObject({ followed: 1 });
    pass(5 * MINUTE);
    expect(await sweep.run()).toMatchObject({ followed: 0 });
  });

  it("not at all when GitHub's log does not reach back: everything is read again", async () => {
    const { sweep, rechecked, asked, joinUnseen } = stage({ since: Date.now() });
    await joinUnseen(1);
    pass(3 * DAY);
    expect(await sweep.run()).toEqual({ kind: "beyond-retention" });
    expect(rechecked).toEqual([undefined]);
    expect(asked().pages).toBe(0);
    pass(5 * MINUTE);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 0, reread: 0 });
    expect(rechecked).toEqual([undefined]);
  });

  it("no further than 200 pages, and then everything is read again", async () => {
    let pages = 0;
    const { sweep, rechecked, warnings } = stage({
      since: Date.now(),
      fetch: (real) => (input, init) => {
        const { pathname, search, href } = new URL(new Request(input).url);
        if (!pathname.endsWith("/deliveries")) return real(input, init);
        pages += 1;
        expect(search.includes("cursor=")).toBe(pages > 1);
        const link = `<${href.replace(/\?.*/, "")}?per_page=100&cursor=v1_${pages}>; rel="next"`;
        const body = Array.from({ length: 100 }, (_, n) => ({ ...arrived, id: n, guid: `${pages}-${n}` }));
        return Promise.resolve(Response.json(body, { headers: { link } }));
      },
    });
    const arrived = {
      delivered_at: new Date().toISOString(),
      status_code: 202,
      event: "star",
      installation_id: 1,
    };
    expect(await sweep.run()).toMatchObject({ followed: 0 });
    expect(pages).toBe(200);
    expect(rechecked).toEqual([undefined]);
    expect(warnings).toEqual([
      "GitHub's log shows more webhooks than can be followed one by one: everything is read again instead.",
    ]);
  });
});

describe("what cannot be followed", () => {
  it("more than 200 at once: everything is read again, once", async () => {
    const { sweep, joinUnseen, rechecked, delivered, warnings, asked } = stage();
    await joinUnseen(301);
    pass(2 * MINUTE);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 0, reread: 300 });
    expect(rechecked).toEqual([undefined]);
    expect(delivered).toEqual([]);
    expect(asked()).toEqual({ pages: 3, details: 0 });
    expect(warnings).toHaveLength(1);
    pass(5 * MINUTE);
    await joinUnseen(1);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 1, reread: 0 });
    expect(rechecked).toEqual([undefined]);
  });

  it("200 at once are", async () => {
    const { sweep, joinUnseen, rechecked } = stage();
    await joinUnseen(200);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 200, reread: 0 });
    expect(rechecked).toEqual([]);
  });

  it("one that GitHub does not show: its organization is read again, and the others are followed", async () => {
    const { github, acme, sweep, joinUnseen, rechecked } = stage();
    await joinUnseen(3);
    github.faults.status(`GET /app/hook/deliveries/${github.deliveries[1]?.id ?? 0}`, 404, { times: 9 });
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 2, reread: 1 });
    expect(rechecked).toEqual([acme.organization.installation?.id]);
    expect(await sweep.run()).toMatchObject({ followed: 0, reread: 0 });
  });

  it("one of no installation that GitHub does not show: everything is read again", async () => {
    const { github, acme, sweep, rechecked } = stage();
    github.faults.lose(1);
    github.edit.revokeAuthorization(acme.users.alice);
    await github.settle();
    github.faults.status("GET /app/hook/deliveries/{delivery_id}", 404);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 0, reread: 1 });
    expect(rechecked).toEqual([undefined]);
  });

  it("any while GitHub answers no more: it is not asked hundreds of times", async () => {
    const { github, acme, sweep, joinUnseen, rechecked, asked } = stage();
    await joinUnseen(150);
    github.faults.status("GET /app/hook/deliveries/{delivery_id}", 500, { times: 1000 });
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 0, reread: 150 });
    expect(rechecked).toEqual([acme.organization.installation?.id]);
    expect(asked().details).toBeLessThan(50);
  });

  it.each([
    { title: "no payload", change: (item: object) => ({ ...item, request: { headers: null, payload: null } }) },
    { title: "another delivery", change: (item: object) => ({ ...item, guid: "another" }) },
    { title: "something else altogether", change: () => ["?"] },
  ])("one of which GitHub shows $title", async ({ change }) => {
    const { acme, sweep, joinUnseen, rechecked, delivered } = stage({ fetch: rewriting((item) => item, change) });
    await joinUnseen(1);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 0, reread: 1 });
    expect(delivered).toEqual([]);
    expect(rechecked).toEqual([acme.organization.installation?.id]);
  });

  it("one that makes us fail: its organization is read again, and the others are followed", async () => {
    let calls = 0;
    const { acme, sweep, joinUnseen, rechecked, delivered, warnings } = stage({
      follow: () => {
        calls += 1;
        if (calls === 1) throw new RangeError("nobody thought of this");
      },
    });
    await joinUnseen(2);
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 1, reread: 1 });
    expect(delivered).toHaveLength(1);
    expect(rechecked).toEqual([acme.organization.installation?.id]);
    expect(warnings).toEqual([
      'A missed webhook "organization" could not be followed: its organization is read again.',
    ]);
  });

  it("a log entry of an unexpected shape: everything is read again, once, and the others are followed", async () => {
    let odd = "";
    const { github, sweep, joinUnseen, rechecked } = stage({
      fetch: rewriting((item) => (Object(item).guid === odd ? { ...item, delivered_at: "yesterday" } : item)),
    });
    await joinUnseen(3);
    odd = github.deliveries[1]?.guid ?? "";
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 2, reread: 1 });
    expect(await sweep.run()).toEqual({ kind: "caught-up", followed: 0, reread: 0 });
    expect(rechecked).toEqual([undefined]);
  });
});

describe("when GitHub does not show its log", () => {
  it.each([
    {
      status: 404,
      says: "GitHub has no log of webhook deliveries for this App: set the webhook's URL on the App's page, and check APP_ID.",
    },
    {
      status: 403,
      says: "GitHub does not show the App its webhook deliveries: check APP_ID and PRIVATE_KEY (packgate doctor tries them).",
    },
    { status: 500, says: "GitHub answered 500 to GET /app/hook/deliveries." },
  ])("$status is told in a sentence, nothing is believed swept, and the next sweep heals", async ({ status, says }) => {
    const since = Date.now() - 7 * MINUTE;
    const { github, sweep, joinUnseen, delivered } = stage({ since });
    await joinUnseen(1);
    github.faults.status("GET /app/hook/deliveries", status, { times: 4 });
    await expect(sweep.run()).rejects.toMatchObject({ name: "GitHubFailure", message: says });
    expect(sweep.status()).toMatchObject({ lastSweepAt: undefined, sweptUntil: since });
    expect(delivered).toEqual([]);
    github.faults.clear();
    expect(await sweep.run()).toMatchObject({ followed: 1 });
  });

  it("is told, too, when it cannot be reached at all", async () => {
    const { github, sweep } = stage();
    github.faults.down();
    await expect(sweep.run()).rejects.toThrow(
      "GitHub cannot be reached (GET /app/hook/deliveries): check the network, and GHE_HOST or GITHUB_API_URL.",
    );
  });

  it("is told when nothing in it can be understood", async () => {
    const { sweep, join } = stage({ fetch: rewriting(() => ({ id: "?" })) });
    await join(2);
    await expect(sweep.run()).rejects.toThrow(
      "GitHub's log of webhook deliveries has an unexpected shape: see whether there is a newer Packgate.",
    );
  });

  it("in the middle of a walk, nothing was done: the next sweep does all of it", async () => {
    const { github, sweep, join, joinUnseen, delivered } = stage();
    await joinUnseen(1);
    await join(100);
    await joinUnseen(1);
    let pages = 0;
    github.faults.status(({ route }) => route === "GET /app/hook/deliveries" && ++pages > 1, 500, { times: 4 });
    await expect(sweep.run()).rejects.toThrow("GitHub answered 500");
    expect(delivered).toEqual([]);
    expect(await sweep.run()).toMatchObject({ followed: 2 });
  });
});

describe("the status", () => {
  it("tells of the last sweep", async () => {
    const { sweep, join, joinUnseen } = stage();
    expect(sweep.status()).toEqual({
      lastSweepAt: undefined,
      sweptUntil: undefined,
      failedDeliveries: 0,
      lastDeliveryAt: undefined,
    });
    await joinUnseen(2);
    await join(1);
    const lastDeliveryAt = Math.floor(Date.now() / 1000) * 1000;
    pass(2 * MINUTE);
    await sweep.run();
    const at = Date.now();
    expect(sweep.status()).toEqual({ lastSweepAt: at, sweptUntil: at, failedDeliveries: 2, lastDeliveryAt });
    pass(20 * MINUTE);
    await sweep.run();
    await sweep.run();
    expect(sweep.status()).toMatchObject({ lastSweepAt: Date.now(), failedDeliveries: 0, lastDeliveryAt });
  });

  it("counts as swept until a sweep's beginning, not its end", async () => {
    const { github, sweep } = stage();
    const gate = github.faults.pause("GET /app/hook/deliveries");
    const began = Date.now();
    const run = sweep.run();
    await gate.arrived;
    pass(MINUTE);
    gate.resume();
    await run;
    expect(sweep.status()).toMatchObject({ sweptUntil: began, lastSweepAt: Date.now() });
  });

  it("is one of one sweep at a time: who asks meanwhile waits for the same", async () => {
    const { github, sweep, asked } = stage();
    const gate = github.faults.pause("GET /app/hook/deliveries");
    const runs = [sweep.run(), sweep.run()];
    await gate.arrived;
    runs.push(sweep.run());
    gate.resume();
    const [first, ...others] = await Promise.all(runs);
    for (const other of others) expect(other).toBe(first);
    expect(asked().pages).toBe(1);
    expect(await sweep.run()).not.toBe(first);
  });
});
