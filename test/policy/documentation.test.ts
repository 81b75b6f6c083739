import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Circumstances } from "../../src/domain/judge.ts";
import { compileNames } from "../../src/domain/name-policy.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { renderRoleMatrix } from "../../src/policy/document.ts";
import { parsePolicy } from "../../src/policy/parse.ts";
import { warningsOf } from "../../src/policy/warnings.ts";
import type { Sketch } from "../domain/facts-builder.ts";
import { draw, packageName } from "../domain/facts-builder.ts";
import { heldClaims, viewOf } from "../domain/views.ts";

const DOCUMENT = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
const BLOCKS = [...DOCUMENT.matchAll(/^```toml(?: recipe=(\w+))?\n(.*?)^```$/gms)].map(
  ([, recipe = "", text = ""], index) => ({ recipe, text, about: recipe || `block ${index + 1}` }),
);

const ACME: Sketch = {
  owners: ["olga"],
  members: ["alice", "bob", "carol", "erin"],
  teams: { release: { members: ["alice"] }, auditors: { members: ["bob"] } },
  repositories: {
    core: {
      declares: ["acme-core"],
      teams: { auditors: "maintain" },
      collaborators: { carol: "maintain", erin: "write" },
    },
    web: { declares: ["acme-web"], visibility: "public" },
  },
};

function viewWith(text: string): View {
  const parsed = parsePolicy(text, "docs/policy.md");
  if ("faults" in parsed) throw new Error(parsed.faults[0]?.message);
  const drawn = draw(ACME);
  return viewOf(drawn.facts, heldClaims(drawn), parsed.policy);
}

/** The letters of what somebody may do. */
function may(recipe: string, who: string, name: string, index?: string): string {
  const text = BLOCKS.find((block) => block.recipe === recipe)?.text ?? "";
  const subject =
    who === "nobody" ? ({ kind: "everyone" } as const) : ({ kind: "user", id: draw(ACME).user(who) } as const);
  const view = viewWith(text);
  const allowed = PERMISSIONS.filter(
    (permission) => decide(view, subject, permission, packageName(name), { index }).outcome === "allow",
  );
  return allowed
    .map((permission) => ({ read: "r", upload: "c", yank: "u", delete: "d", manage: "m" })[permission])
    .join("");
}

describe("docs/policy.md", () => {
  it("has an example of every section, and six recipes", () => {
    const sections = ["roles", "repositories", "names", "packages", "read", "tokens", "publishers", "rules"];
    expect(sections.filter((name) => !BLOCKS.some(({ text }) => text.includes(`[${name}`)))).toEqual([]);
    expect(BLOCKS.filter(({ recipe }) => recipe !== "")).toHaveLength(6);
  });

  it.each(BLOCKS)("has only valid policies that mean what they say: $about", ({ text }) => {
    const parsed = parsePolicy(text, "docs/policy.md");
    expect("faults" in parsed ? parsed.faults : warningsOf(parsed.policy, text, "docs/policy.md")).toEqual([]);
  });

  it("names every key", () => {
    const parsed = parsePolicy(
      "x = 1\n[repositories]\nx = 1\n[names]\nx = 1\n[read]\nx = 1\n[roles.read]\nx = 1\n[packages.a]\nx = 1\n[tokens]\nx = 1\n[publishers]\na.x = 1\n[[rules]]\nx = 1\nwhen.x = 1\n",
      "x",
    );
    const faults = "faults" in parsed ? parsed.faults : [];
    const keys = faults.flatMap(
      ({ message }) => /is not known here; write (.*)\.$/.exec(message)?.[1]?.split(/, | or /) ?? [],
    );
    expect(keys.length).toBeGreaterThan(30);
    expect(keys.filter((key) => !new RegExp(`[\`\\[.]${key}\\b`).test(DOCUMENT) && key !== "version")).toEqual([]);
  });

  it("shows the role catalog of the code", () => {
    const cells = (text: string) => text.replaceAll(/[ -]+/g, "");
    expect(cells(DOCUMENT)).toContain(cells(renderRoleMatrix()));
  });

  it.each<[recipe: string, repository: string, circumstances: Circumstances, mayUpload: boolean]>([
    ["publishers", "core", { workflow: "release.yml", ref: "refs/tags/v1" }, true],
    ["publishers", "core", { workflow: "ci.yml", ref: "refs/tags/v1" }, false],
    ["publishers", "core", { workflow: "release.yml", ref: "refs/heads/main" }, false],
    ["publishers", "web", { workflow: "release.yml", ref: "refs/tags/v1" }, true],
    ["publishers", "web", {}, false],
    ["events", "core", { event: "push" }, true],
    ["events", "web", { event: "schedule" }, true],
    ["events", "core", { event: "issue_comment" }, false],
    ["events", "core", {}, false],
  ])("has recipes for publishers that work, %s: %s, %j: %s", (recipe, repository, circumstances, mayUpload) => {
    const text = BLOCKS.find((block) => block.recipe === recipe)?.text ?? "";
    const subject = { kind: "workload", repository: draw(ACME).repository(repository) } as const;
    const name = packageName(`acme-${repository}`);
    const { outcome } = decide(viewWith(text), subject, "upload", name, circumstances);
    expect(outcome === "allow").toBe(mayUpload);
  });

  it("chooses the repositories that pypicloud-access-github chose", () => {
    const parsed = parsePolicy(BLOCKS.find(({ recipe }) => recipe === "pypicloud")?.text ?? "", "docs/policy.md");
    if ("faults" in parsed) throw new Error(parsed.faults[0]?.message);
    const { isChosen } = compileNames(parsed.policy);
    expect(["core", "web", "sandbox", "other"].filter(isChosen)).toEqual(["core", "web"]);
  });

  it.each<[recipe: string, who: string, name: string, letters: string, index?: string]>([
    ["release", "alice", "acme-core", "rcu"],
    ["release", "alice", "acme-web", "rcu"],
    ["release", "bob", "acme-web", "r"],
    ["release", "olga", "acme-web", "rcudm"],
    ["auditors", "bob", "acme-core", "r"],
    ["auditors", "bob", "acme-web", "r"],
    ["auditors", "carol", "acme-core", "rcu"],
    ["auditors", "alice", "acme-core", ""],
    ["open", "nobody", "acme-web", "r", "public-index"],
    ["open", "nobody", "acme-core", "", "public-index"],
    ["open", "nobody", "acme-web", "", "internal-index"],
    ["open", "alice", "acme-web", "r", "internal-index"],
    ["pypicloud", "olga", "acme-core", "rc"],
    ["pypicloud", "carol", "acme-core", "rc"],
    ["pypicloud", "erin", "acme-core", "rc"],
    ["pypicloud", "alice", "acme-core", ""],
  ])("has recipes that work: %s, %s on %s: %s", (recipe, who, name, letters, index) => {
    expect(may(recipe, who, name, index)).toBe(letters);
  });
});
