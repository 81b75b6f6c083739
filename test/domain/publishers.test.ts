import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import { evidenceOf } from "../../src/domain/evidence.ts";
import { explain } from "../../src/domain/explain.ts";
import type { Circumstances } from "../../src/domain/judge.ts";
import type { Policy } from "../../src/domain/policy.ts";
import type { PublisherChange } from "../../src/domain/publisher-changes.ts";
import { publisherChanges } from "../../src/domain/publisher-changes.ts";
import { compilePublishers, publishersFor } from "../../src/domain/publishers.ts";
import type { Sketch } from "./facts-builder.ts";
import { draw, packageName } from "./facts-builder.ts";
import { finish } from "../../src/domain/steps.ts";
import { publishers, rules } from "./policies.ts";
import { asked, heldClaims, viewOf } from "./views.ts";

const ACME: Sketch = {
  members: ["alice"],
  repositories: { web: { declares: ["acme-web"] }, core: { declares: ["acme-core"] }, deploy: {} },
};
const core = packageName("acme-core");

const keys = (policy: Policy, repository: string): string[] =>
  publishersFor(compilePublishers(policy), repository).map(({ repositories }) => repositories);

describe("the entry of publishers that counts", () => {
  it.each<[repository: string, counts: string[]]>([
    ["core", ["core"]],
    ["CORE", ["core"]],
    ["core-x", ["core-*", "c*re-x"]],
    ["core-", ["core-*"]],
    ["core2", ["core?"]],
    ["cord", ["co[qrs]d"]],
    ["web", ["*"]],
    ["core/x", []],
  ])("for %s is the one that spells out most, or all that spell out as much: %j", (repository, counts) => {
    const refuse = ["*", "core-*", "core?", "core", "c*re-x", "co[qrs]d", "co*"].map((key) => `${key} refuse`);
    expect(keys(publishers(...refuse), repository)).toEqual(counts);
  });

  it("is for everybody where it is no glob", () => {
    expect(keys(publishers("a** refuse"), "web")).toEqual(["a**"]);
  });
});

describe("a run of which nobody can say what its repository is called", () => {
  const drawn = draw(ACME);
  const [home, web] = [drawn.repository("core"), drawn.repository("web")];
  const found = drawn.facts.repositories.get(home);
  const twin = drawn.facts.repositories.get(web);
  if (found === undefined || twin === undefined) throw new Error("both are there");
  const run = (policy: Policy, permission: "read" | "upload", repository = home): Decision => {
    const renamed = { ...twin, value: { ...twin.value, name: "CORE" } };
    const facts = { ...drawn.facts, repositories: new Map(drawn.facts.repositories).set(web, renamed) };
    const view = viewOf(facts, heldClaims(drawn), policy);
    return decide(view, { kind: "workload", repository }, permission, core);
  };

  it("may read, and is not known to be allowed more where anything limits publishers", () => {
    expect(run(publishers(), "upload")).toMatchObject({ outcome: "allow" });
    for (const policy of [publishers("core default"), publishers("exp-* refuse"), publishers("core refuse")]) {
      expect(run(policy, "upload")).toMatchObject({ outcome: "unknown", reason: "not-synced" });
      expect(run(policy, "read")).toMatchObject({ outcome: "allow" });
    }
  });

  it("may not publish for want of a right either way", () => {
    expect(run(publishers("core refuse"), "upload", drawn.repository("deploy"))).toMatchObject({ outcome: "deny" });
  });

  it("is one of a repository that is not there, too", () => {
    const everybody = { ...publishers("* default"), rules: rules("allow everyone c *").rules };
    expect(run(everybody, "upload", 999)).toMatchObject({ outcome: "unknown", reason: "not-synced" });
    expect(run({ ...everybody, publishers: [] }, "upload", 999)).toMatchObject({ outcome: "allow" });
  });
});

describe("a limit on publishers", () => {
  function told(policy: Policy, circumstances: Circumstances) {
    const { ask, view } = asked(ACME, [], policy);
    const question = { who: "a run of acme/core", user: undefined, permission: "upload", name: core } as const;
    const decision = ask("run:core", "upload", "acme-core", circumstances);
    const { evidence } = evidenceOf(view, question, decision);
    return { sentence: explain(view, question, decision), evidence };
  }

  it.each<[policy: Policy, circumstances: Circumstances, why: string]>([
    [
      publishers("* default", "core refuse"),
      {},
      "packgate.toml:2 lets no workflow of its repository publish; an owner can change that line",
    ],
    [
      publishers("core workflow=release.yml,publish.yml"),
      { workflow: "ci.yml" },
      "packgate.toml:1 lets only release.yml or publish.yml of its repository's workflows publish; start the run from there, or have that line changed",
    ],
    [
      publishers("core event=push,release ref=refs/tags/*"),
      { event: "issue_comment", ref: "refs/heads/main" },
      "packgate.toml:1 lets only runs set off by push or release publish; set it off so, or have that line changed",
    ],
    [
      publishers("core workflow=release.yml environment=release"),
      { workflow: "release.yml" },
      "packgate.toml:1 lets only runs in the environment release publish; name it in the job, or have that line changed",
    ],
    [
      publishers("core ref=refs/tags/*"),
      { ref: "refs/heads/main" },
      "packgate.toml:1 lets only runs on refs/tags/* publish; run it there, or have that line changed",
    ],
  ])("names its line, and what changes it", (policy, circumstances, why) => {
    const { sentence, evidence } = told(policy, circumstances);
    expect(sentence).toBe(`a run of acme/core may not upload acme-core: ${why}`);
    expect(evidence).toEqual([{ kind: "rule", rule: why.split(" ")[0], effect: "deny" }]);
  });
});

describe("what two policies change for runs", () => {
  const changes = (before: Policy, after: Policy): readonly PublisherChange[] => {
    const drawn = draw(ACME);
    const [old, next] = [before, after].map((policy) => viewOf(drawn.facts, heldClaims(drawn), policy));
    if (old === undefined || next === undefined) throw new Error("two policies make two views");
    return finish(publisherChanges(old, next));
  };

  it("is listed by repository, for those that hold a package", () => {
    const after = publishers("* workflow=release.yml,publish.yml ref=refs/tags/*", "web refuse");
    expect(changes(publishers(), after)).toEqual([
      { repository: "acme/core", before: "as by default", after: "release.yml or publish.yml on refs/tags/*" },
      { repository: "acme/web", before: "as by default", after: "none" },
    ]);
    expect(changes(after, publishers("co* environment=a", "*ore ref=*"))).toEqual([
      {
        repository: "acme/core",
        before: "release.yml or publish.yml on refs/tags/*",
        after: "on *",
      },
      { repository: "acme/web", before: "none", after: "as by default" },
    ]);
  });

  it("is told of each condition", () => {
    const all = "workflow=a.yml event=push,release environment=b ref=refs/tags/*";
    expect(changes(publishers("core event=push"), publishers(`core ${all}`))).toEqual([
      { repository: "acme/core", before: "by push", after: "a.yml by push or release in b on refs/tags/*" },
    ]);
  });

  it("counts every entry that holds", () => {
    expect(changes(publishers(), publishers("c*re environment=a", "cor* ref=*", "web default"))).toEqual([
      { repository: "acme/core", before: "as by default", after: "in a, and on *" },
    ]);
  });

  it("is nothing where an entry only moved, or says the default", () => {
    const before = publishers("core refuse", "web ref=refs/tags/*");
    const after = publishers("web ref=refs/tags/*", "* default", "co* default", "core refuse");
    expect(changes(before, after)).toEqual([]);
    expect(changes(publishers(), publishers("* default"))).toEqual([]);
  });

  it("is told also of a repository that a rule lets publish, and of none that is gone", () => {
    const naming = { ...publishers("deploy refuse"), rules: rules("allow workflow:deploy c *").rules };
    expect(changes(publishers(), naming)).toEqual([
      { repository: "acme/deploy", before: "as by default", after: "none" },
    ]);
    expect(changes(publishers(), publishers("deploy refuse"))).toEqual([]);
    const all = changes(publishers(), { ...naming, publishers: publishers("* refuse").publishers });
    expect(all.map(({ repository }) => repository)).toEqual(["acme/core", "acme/deploy", "acme/web"]);
    const drawn = draw(ACME);
    const gone = new Map([[core, { status: "retired", repository: 999, since: 0 } as const]]);
    const [old, next] = [publishers(), publishers("* refuse")].map((policy) => viewOf(drawn.facts, gone, policy));
    expect(old && next && finish(publisherChanges(old, next))).toEqual([]);
  });
});
