import { describe, expect, it } from "vitest";
import type { Run } from "../../src/domain/runs.ts";
import { circumstancesOf, outOfReach, subjectOf } from "../../src/domain/runs.ts";
import { ACME, confirmed, name, repository, viewOf } from "../http/acme.ts";

const RUN: Run = {
  organization: 1,
  repository: 100,
  event: "push",
  ref: "refs/heads/main",
  refProtected: false,
  environment: undefined,
  workflow: "release.yml",
};
const onMain = viewOf({
  ...ACME,
  repositories: new Map([[100, confirmed(repository("core", { defaultBranch: "main" }))]]),
});
const core = name("acme-core");
const old = name("acme-old");

describe("how far a run's token reaches", () => {
  it("is known by its repository's number", () => {
    expect(subjectOf(RUN)).toBe("repository:100");
  });

  it("says where it comes from", () => {
    const run = { ...RUN, environment: "release" };
    const said = { workflow: "release.yml", event: "push", environment: "release", ref: "refs/heads/main" };
    expect(circumstancesOf(run, "staging")).toEqual({ index: "staging", ...said });
    expect(circumstancesOf(run)).toEqual(said);
  });

  it.each<[string, Partial<Run>, boolean]>([
    ["the default branch", {}, true],
    ["a tag", { ref: "refs/tags/v1" }, true],
    ["a protected ref", { ref: "refs/heads/x", refProtected: true }, true],
    ["any other branch", { ref: "refs/heads/x" }, false],
    ["any other branch, in an environment", { ref: "refs/heads/x", environment: "release" }, false],
    ["a pull request", { event: "pull_request", refProtected: true }, false],
    ["a repository that is not there", { repository: 999, ref: "refs/tags/v1" }, false],
  ])("publishes from %s, or not", (_, more, may) => {
    const workload = { run: { ...RUN, ...more }, bounds: undefined };
    expect(outOfReach(onMain, workload, "upload", core) === undefined).toBe(may);
    expect(outOfReach(onMain, workload, "read", core)).toBeUndefined();
  });

  it("ends at the organization that its run is of, whatever is asked and whatever the token is bound to", () => {
    const run = { ...RUN, organization: 2 };
    for (const bounds of [undefined, { packages: [core], permissions: ["read", "upload"] } as const]) {
      for (const permission of ["read", "upload"] as const) {
        expect(outOfReach(onMain, { run, bounds }, permission, core)).toBe("its repository is none of acme's");
      }
    }
  });

  it("publishes from no branch of a repository whose default branch is not known", () => {
    expect(outOfReach(viewOf(), { run: RUN, bounds: undefined }, "upload", core)).toMatch(/default branch/);
  });

  it("ends at the bounds of a token of ours", () => {
    const listed = { run: RUN, bounds: { packages: [core], permissions: ["read", "upload"] } } as const;
    expect(outOfReach(onMain, listed, "upload", core)).toBeUndefined();
    expect(outOfReach(onMain, listed, "yank", core)).toBe("the token is for read and upload only");
    expect(outOfReach(onMain, listed, "read", old)).toMatch(/bound to the packages/);
    const held = { run: RUN, bounds: { packages: undefined, permissions: ["read"] } } as const;
    expect(outOfReach(onMain, held, "read", core)).toBeUndefined();
    expect(outOfReach(onMain, held, "read", old)).toMatch(/bound to the packages/);
    expect(outOfReach(onMain, held, "read", name("unheard-of"))).toMatch(/bound to the packages/);
  });
});
