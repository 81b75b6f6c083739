import { describe, expect, it } from "vitest";
import type { Policy, Rule } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { foresee, unforeseen } from "../../src/state/foresee.ts";
import { draw, NOW, packageName } from "../domain/facts-builder.ts";
import { heldClaims, viewOf } from "../domain/views.ts";

const drawn = draw({
  members: ["alice"],
  repositories: { web: { declares: ["acme-web"] }, core: { declares: ["acme-core"] } },
});
const VIEW = viewOf(drawn.facts, heldClaims(drawn));
const WEB = packageName("acme-web");

const changed = (part: Partial<Policy>): Policy => ({ ...DEFAULT_POLICY, ...part });
const rule = (who: Rule["who"], line = 1): Rule => ({
  who,
  packages: ["*"],
  indexes: undefined,
  permissions: 1,
  effect: "allow",
  when: { visibility: undefined, environment: undefined, ref: undefined },
  line,
});

describe("another policy, foreseen", () => {
  it("gives a name to the repository that it is pinned to, and leaves the view as it is", () => {
    const policy = changed({ packages: new Map([[WEB, { repository: "core", line: 2 }]]) });
    const after = foresee(VIEW, policy, NOW);
    const core = VIEW.claims.get(packageName("acme-core"))?.repository;
    expect(after.claims.get(WEB)).toMatchObject({ status: "pinned", repository: core });
    expect(after.policy).toBe(policy);
    expect(VIEW.claims.get(WEB)).toMatchObject({ status: "held" });
  });

  it("takes a reserved name from whoever may not hold it", () => {
    const reserved = [{ pattern: "acme-*", repositories: ["core"], line: 3 }];
    const after = foresee(VIEW, changed({ names: { ...DEFAULT_POLICY.names, reserved } }), NOW);
    expect(after.claims.get(WEB)?.status).not.toBe("held");
    expect(after.claims.get(packageName("acme-core"))?.status).toBe("held");
  });

  it.each([
    ["nothing", DEFAULT_POLICY, []],
    ["a rule for members", changed({ rules: [rule([{ kind: "members" }])] }), []],
    [
      "where manifests are read",
      changed({ repositories: { ...DEFAULT_POLICY.repositories, manifests: ["a/pyproject.toml"] } }),
      ["repositories.manifests"],
    ],
    [
      "who may read what nobody claims",
      changed({ read: { ...DEFAULT_POLICY.read, unclaimed: "everyone" } }),
      ["read.unclaimed"],
    ],
    [
      "what a token must prove",
      changed({ tokens: { proof: { ...DEFAULT_POLICY.tokens.proof, read: "repository" } } }),
      ["tokens"],
    ],
    ["a rule for runs", changed({ rules: [rule([{ kind: "workflow", name: "web" }])] }), ["rules for workflows"]],
    ["a rule for everyone", changed({ rules: [rule([{ kind: "everyone" }])] }), ["rules for workflows"]],
  ])("says what it could not foresee of %s", (_, policy, found) => {
    expect(unforeseen(VIEW, policy)).toEqual(found);
  });

  it("says that names nobody claims are not foreseen where other ones are reserved", () => {
    const open = { read: { ...DEFAULT_POLICY.read, unclaimed: "everyone" as const } };
    const before = viewOf(drawn.facts, VIEW.claims, changed(open));
    const reserved = [{ pattern: "acme-*", repositories: ["core"], line: 3 }];
    expect(unforeseen(before, changed({ ...open, names: { ...DEFAULT_POLICY.names, reserved } }))).toEqual([
      "read.unclaimed",
    ]);
  });

  it("foresees that a rule stands elsewhere", () => {
    const before = viewOf(drawn.facts, VIEW.claims, changed({ rules: [rule([{ kind: "everyone" }], 1)] }));
    expect(unforeseen(before, changed({ rules: [rule([{ kind: "everyone" }], 9)] }))).toEqual([]);
  });
});
