import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { hurriedTime } from "../helpers/hurried-time.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import type { Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { differences, expectTruth, leaks } from "./support/against-truth.ts";
import { apply, steps } from "./support/random-edits.ts";

/** Echoes come after a fifth of a second, and no poll before two seconds are over. */
const hurried = () => ({ surroundings: { time: hurriedTime(25) } });

/** What was taken away last is given back by echoes only. */
async function expectTruthSoon(github: Simulator, { service }: Running): Promise<void> {
  expect(leaks(github, service)).toEqual([]);
  await vi.waitFor(() => expectTruth(github, service), { timeout: 2000 });
}

describe("webhooks in any order, some of them twice", () => {
  const running: Running[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((packgate) => packgate.stop()));
  });

  it("end where GitHub is", async () => {
    await fc.assert(
      fc.asyncProperty(steps(8), fc.integer(), fc.boolean(), async (edits, seed, twice) => {
        const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
        const { organization } = acmeOrganization(github);
        const packgate = await startPackgate(github, hurried());
        running.push(packgate);
        await packgate.settle();

        github.faults.hold();
        if (twice) github.faults.repeat(() => true);
        for (const step of edits) apply(github, organization, step, "acme");
        github.faults.release((held) => shuffled(held, seed));
        await packgate.settle();
        await expectTruthSoon(github, packgate);
        await packgate.stop();
      }),
      { numRuns: 15 },
    );
  });

  it("backwards end where GitHub is, whatever is being read meanwhile", async () => {
    await fc.assert(
      fc.asyncProperty(steps(6), steps(6), async (first, second) => {
        const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
        const { organization } = acmeOrganization(github);
        const packgate = await startPackgate(github, hurried());
        running.push(packgate);

        // The first edits come while everything is still being read for the first time.
        for (const step of first) apply(github, organization, step, "acme");
        const stale = github.faults.pause("*", "after");
        await stale.arrived;
        github.faults.hold();
        for (const step of second) apply(github, organization, step, "acme");
        github.faults.release((held) => held.toReversed());
        await github.settle();
        stale.resume();
        await packgate.settle();
        await expectTruthSoon(github, packgate);
        await packgate.stop();
      }),
      { numRuns: 15 },
    );
  });
});

describe("two organizations with the same names", () => {
  it("never leak into each other", async () => {
    await fc.assert(
      fc.asyncProperty(steps(6), steps(6), async (edits, others) => {
        const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
        const acme = acmeOrganization(github);
        const twin = acmeOrganization(github);
        const silence = github.faults.drop(() => true);
        github.edit.renameOrganization(twin.organization, "twin");
        silence.end();
        const packgate = await startPackgate(github, { ...hurried(), env: { PACKGATE_ORGS: "acme,twin" } });
        await packgate.settle();
        await expectTruthSoon(github, packgate);

        // The same package names, team slugs and repository names on both sides; edits on one side, then on both.
        for (const step of edits) apply(github, acme.organization, step, "acme");
        await packgate.settle();
        await expectTruthSoon(github, packgate);
        for (const step of others) apply(github, twin.organization, step, "acme");
        await packgate.settle();
        await expectTruthSoon(github, packgate);

        github.edit.uninstall(twin.organization);
        await packgate.settle();
        const [ours, theirs] = packgate.service.http.organizations();
        expect(ours && differences(github, ours.view())).toEqual([]);
        expect(theirs?.view().ready).toBe(false);
        await packgate.stop();
      }),
      { numRuns: 6 },
    );
  });
});

/** In an order that the seed alone decides. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const rank = (index: number): number => Math.imul(index + 1, (seed | 1) ^ 0x9e3779b1) >>> 0;
  return items
    .map((item, index) => ({ item, at: rank(index) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
