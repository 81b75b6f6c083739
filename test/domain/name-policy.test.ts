import { describe, expect, it } from "vitest";
import { compileNames } from "../../src/domain/name-policy.ts";
import type { NameRules, RepositoryChoice } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { packageName } from "./facts-builder.ts";

const choosing = (choice: Partial<RepositoryChoice>) =>
  compileNames({ ...DEFAULT_POLICY, repositories: { ...DEFAULT_POLICY.repositories, ...choice } });
const ruling = (names: Partial<NameRules>) =>
  compileNames({ ...DEFAULT_POLICY, names: { ...DEFAULT_POLICY.names, ...names } });

describe("a choice of repositories", () => {
  it.each<[Partial<RepositoryChoice>, string, boolean]>([
    [{}, "anything", true],
    [{ include: ["py-*"] }, "py-core", true],
    [{ include: ["py-*"] }, "core", false],
    [{ include: [] }, "core", false],
    [{ include: ["py-*", "core"] }, "core", true],
    [{ exclude: ["sandbox-*"] }, "sandbox-x", false],
    [{ exclude: ["sandbox-*"] }, "Sandbox-X", false],
    [{ exclude: ["Sandbox-*"] }, "sandbox-x", false],
    [{ include: ["sandbox-*"], exclude: ["sandbox-*"] }, "sandbox-x", false],
    [{ pattern: "py.*" }, "pycore", true],
    [{ pattern: "py" }, "pycore", false],
    [{ pattern: "core" }, "pycore", false],
    [{ pattern: "a|b" }, "bc", false],
    [{ pattern: "(?i)PY.*" }, "pycore", true],
    [{ pattern: "py.*", exclude: ["*core"] }, "pycore", false],
  ])("%j has %s: %s", (choice, repository, expected) => {
    expect(choosing(choice).isChosen(repository)).toBe(expected);
  });
});

describe("a reservation", () => {
  const { isBarred } = ruling({
    reserved: [
      { pattern: "acme-*", repositories: ["acme-core", "platform-*"], line: 1 },
      { pattern: "acme-data-*", repositories: ["data"], line: 2 },
      { pattern: "acme-data-x", repositories: ["x"], line: 3 },
    ],
  });

  it.each([
    ["acme", "platform-web", false],
    ["acme-web", "Platform-Web", false],
    ["acme-web", "acme-core", false],
    ["acme-web", "acme-core-2", true],
    ["acme", "web", true],
    ["acmeweb", "web", false],
    // Of several that cover a name, the one that says most counts.
    ["acme-data-y", "data", false],
    ["acme-data-y", "platform-web", true],
    ["acme-data-x", "data", true],
    ["acme-data-x", "x", false],
  ])("keeps %s from %s: %s", (name, repository, expected) => {
    expect(isBarred(packageName(name), repository)).toBe(expected);
  });
});

describe("pins", () => {
  const core = packageName("acme-core");
  const web = packageName("acme-web");
  const { pinOf, pinnedTo, pinned } = compileNames({
    ...DEFAULT_POLICY,
    packages: new Map([core, web].map((name) => [name, { repository: "Core", line: 1 }])),
  });

  it("are found by the name and by the repository, whatever its letter case", () => {
    expect([pinOf(core), pinOf(packageName("other"))]).toEqual(["core", undefined]);
    expect([pinnedTo("CORE"), pinnedTo("other"), pinned]).toEqual([[core, web], [], [core, web]]);
  });

  it("may be all that counts", () => {
    expect([ruling({ claim: "pinned" }).mayClaim, ruling({}).mayClaim]).toEqual([false, true]);
  });
});
