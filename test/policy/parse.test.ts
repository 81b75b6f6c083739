import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { parsePolicy } from "../../src/policy/parse.ts";

function policyOf(text: string): Policy {
  const parsed = parsePolicy(text, "packgate.toml");
  if ("policy" in parsed) return parsed.policy;
  throw new Error(parsed.faults.map(({ message }) => message).join("\n"));
}

/** One of everything, in the spelling of the contract. */
const WHOLE = `version = 1

[roles.maintain]
permissions = "rcu"
label = "Release manager"

[repositories]
include = ["*"]
exclude = ["sandbox-*"]
pattern = ".*"
manifests = ["pyproject.toml", "packages/*/pyproject.toml"]
archived = "read"

[names]
claim = "first"
reserved = { "acme-*" = ["acme-core", "platform-*"] }
retire_days = 90

[packages.acme-core]
repository = "core"

[read]
public_repositories = "members"
unclaimed = "nobody"

[tokens]
proof = { read = "identity", upload = "repository" }

[publishers]
"*" = { workflow = ["release.yml"], ref = ["refs/tags/*"] }
core = { workflow = ["publish.yaml", "*"], event = ["push", "release"], environment = ["Release"] }
"exp-*" = "refuse"
Sandbox = "default"

[[rules]]
who = ["team:release", "user:alice", "members", "everyone", "workflow:core", "role:Security Reviewer"]
packages = ["acme-*"]
indexes = ["staging"]
permissions = "rc"
effect = "allow"
when = { visibility = ["internal", "private"], environment = ["release"], ref = ["refs/tags/*"] }
`;

const ANY_RUN = { workflow: undefined, event: undefined, environment: undefined, ref: undefined } as const;

describe("a policy file", () => {
  it("is as by default when it says nothing", () => {
    expect(policyOf("version = 1")).toEqual(DEFAULT_POLICY);
    expect(policyOf("\uFEFFversion = 1\r\n[names]\r\n[tokens.proof]\r\n")).toEqual(DEFAULT_POLICY);
  });

  it("says all that the grammar knows, and where", () => {
    expect(policyOf(WHOLE)).toEqual({
      roles: new Map([["maintain", { permissions: 0b111, label: "Release manager", line: 3 }]]),
      repositories: {
        include: ["*"],
        exclude: ["sandbox-*"],
        pattern: ".*",
        manifests: ["pyproject.toml", "packages/*/pyproject.toml"],
        archived: "read",
      },
      names: {
        claim: "first",
        reserved: [{ pattern: "acme-*", repositories: ["acme-core", "platform-*"], line: 16 }],
        retirementMs: 7_776_000_000,
      },
      packages: new Map([["acme-core", { repository: "core", line: 19 }]]),
      read: { publicRepositories: "members", unclaimed: "nobody" },
      tokens: DEFAULT_POLICY.tokens,
      publishers: [
        { repositories: "*", when: { ...ANY_RUN, workflow: ["release.yml"], ref: ["refs/tags/*"] }, line: 30 },
        {
          repositories: "core",
          when: { ...ANY_RUN, workflow: ["publish.yaml", "*"], event: ["push", "release"], environment: ["release"] },
          line: 31,
        },
        { repositories: "exp-*", when: undefined, line: 32 },
        { repositories: "sandbox", when: ANY_RUN, line: 33 },
      ],
      rules: [
        {
          who: [
            { kind: "team", name: "release" },
            { kind: "user", name: "alice" },
            { kind: "members" },
            { kind: "everyone" },
            { kind: "workflow", name: "core" },
            { kind: "role", name: "Security Reviewer" },
          ],
          packages: ["acme-*"],
          indexes: ["staging"],
          permissions: 0b11,
          effect: "allow",
          when: { visibility: ["internal", "private"], environment: ["release"], ref: ["refs/tags/*"] },
          line: 35,
        },
      ],
    });
  });

  it("says everything other than by default, too", () => {
    const policy = policyOf(`version = 1
repositories = { include = ["acme-*", "[a-c]ore"], exclude = [], pattern = '(?i)acme-.+', archived = "none" }
names = { claim = "pinned", retire_days = 0.5, reserved."Widgets.*" = [], reserved."*" = ["core"], reserved.a = ["b"] }
read = { public_repositories = "everyone", unclaimed = "members" }
publishers = { Core.environment = ["a b"], "lib-[ab]?".ref = ["*"] }
tokens.proof = { read = "repository", upload = "identity", yank = "identity", delete = "identity", manage = "identity" }
packages = { Acme_Core.repository = "core.py" }
roles = { Write.label = " Uploader ", "release bot" = { permissions = ["read", "publish"] }, admin.permissions = "" }
rules = [
  { who = ["everyone"], packages = ["*", "A.b"], permissions = ["read"], effect = "deny" },
  { who = ["members"], packages = ["a__*"], permissions = "mdcur", effect = "allow", when = {} },
]
`);
    expect(policy.repositories).toEqual({
      include: ["acme-*", "[a-c]ore"],
      exclude: [],
      pattern: "(?i)acme-.+",
      manifests: undefined,
      archived: "none",
    });
    expect(policy.names.claim).toBe("pinned");
    expect(policy.names.retirementMs).toBe(43_200_000);
    expect(policy.names.reserved).toEqual([
      { pattern: "widgets-*", repositories: [], line: 3 },
      { pattern: "*", repositories: ["core"], line: 3 },
      { pattern: "a", repositories: ["b"], line: 3 },
    ]);
    expect(policy.read).toEqual({ publicRepositories: "everyone", unclaimed: "members" });
    expect(policy.tokens.proof).toEqual({
      read: "repository",
      upload: "identity",
      yank: "identity",
      delete: "identity",
      manage: "identity",
    });
    expect([...policy.packages]).toEqual([["acme-core", { repository: "core.py", line: 7 }]]);
    expect(policy.publishers).toEqual([
      { repositories: "core", when: { ...ANY_RUN, environment: ["a b"] }, line: 5 },
      { repositories: "lib-[ab]?", when: { ...ANY_RUN, ref: ["*"] }, line: 5 },
    ]);
    expect([...policy.roles]).toEqual([
      ["write", { permissions: undefined, label: "Uploader", line: 8 }],
      ["release bot", { permissions: 0b11, label: undefined, line: 8 }],
      ["admin", { permissions: 0, label: undefined, line: 8 }],
    ]);
    expect(policy.rules).toMatchObject([
      { packages: ["*", "a-b"], permissions: 1, effect: "deny", indexes: undefined, line: 10 },
      { packages: ["a-*"], permissions: 31, effect: "allow", line: 11 },
    ]);
    const nothing = { visibility: undefined, environment: undefined, ref: undefined };
    expect(policy.rules.map(({ when }) => when)).toEqual([nothing, nothing]);
  });

  it("knows GitHub's roles in any spelling, in rules as in the catalog", () => {
    const policy = policyOf(
      'version = 1\n[[rules]]\nwho = ["role:Maintain", "role:Auditor"]\npackages = ["*"]\npermissions = "c"\neffect = "deny"\n',
    );
    expect(policy.rules[0]?.who).toEqual([
      { kind: "role", name: "maintain" },
      { kind: "role", name: "Auditor" },
    ]);
  });

  it("is read whole, up to a megabyte", () => {
    const rules = '[[rules]]\nwho = ["members"]\npackages = ["acme-*"]\npermissions = "r"\neffect = "allow"\n'.repeat(
      5000,
    );
    const policy = policyOf(`version = 1\n${rules}`);
    expect(policy.rules).toHaveLength(5000);
    expect(policy.rules.at(-1)?.line).toBe(2 + 4999 * 5);
  });
});
