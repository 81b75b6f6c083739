import { beforeAll, describe, expect, it } from "vitest";
import type { Synchronisation } from "../bench/sync/synchronise.ts";
import { synchronise } from "../bench/sync/synchronise.ts";

/** What a large organization costs, in counts and bytes; times belong to the machine and are in `npm run bench`. */
describe("the reference organization: 10,000 repositories, 5,000 members, 1,000 nested teams", () => {
  let found: Synchronisation;

  beforeAll(async () => {
    found = await synchronise(200_000);
  }, 300_000);

  it("is read whole, within a budget of requests", () => {
    expect(found).toMatchObject({ repositories: 10_000, packages: 3_000, members: 5_000, unknownRoutes: [] });
    expect(found.rest).toBeLessThanOrEqual(3_100);
    expect(found.graphqlPoints).toBeLessThanOrEqual(850);
  });

  it("is decided as the oracle decides", () => {
    expect(found.questions).toBe(200_000);
    expect(found.allowed).toBeGreaterThan(1_000);
    expect(found.wrong).toEqual([]);
  });

  it("fits into a small server", () => {
    expect(found.peakRssBytes).toBeLessThan(300e6);
    expect(found.stateBytes).toBeLessThan(40e6);
  });
});
