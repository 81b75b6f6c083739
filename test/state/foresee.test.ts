import { describe, expect, it } from "vitest";
import { compileAccess } from "../../src/domain/access.ts";
import type { View } from "../../src/domain/decide.ts";
import type { Difference } from "../../src/domain/difference.ts";
import { differenceOf } from "../../src/domain/difference.ts";
import type { Policy, Rule } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Steps } from "../../src/domain/steps.ts";
import { foresee, unforeseen } from "../../src/state/foresee.ts";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import type { Sketch } from "../domain/facts-builder.ts";
import { finish } from "../../src/domain/steps.ts";
import { draw, NOW, packageName, repositoryOf } from "../domain/facts-builder.ts";
import { rules } from "../domain/policies.ts";
import { heldClaims, sourcesOf, viewOf } from "../domain/views.ts";

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
    const { before, after } = finish(foresee(VIEW, policy, NOW));
    const core = VIEW.claims.get(packageName("acme-core"))?.repository;
    expect(after.claims.get(WEB)).toMatchObject({ status: "pinned", repository: core });
    expect(after.policy).toBe(policy);
    expect(before.claims).toEqual(heldClaims(drawn));
    expect(VIEW.claims).toEqual(heldClaims(drawn));
  });

  it("takes a reserved name from whoever may not hold it", () => {
    const reserved = [{ pattern: "acme-*", repositories: ["core"], line: 3 }];
    const { after } = finish(foresee(VIEW, changed({ names: { ...DEFAULT_POLICY.names, reserved } }), NOW));
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

describe("a name in a rule that was nobody's when the rule came", () => {
  const policy = rules("allow user:alice u acme-web");
  const gainedWhere = (bindings: ReadonlyMap<string, number | undefined>): number => {
    const kept = { ...sourcesOf(drawn.facts, heldClaims(drawn), policy), bindings };
    const view = { ...VIEW, ...kept, access: compileAccess(kept) };
    const { before, after } = finish(foresee(view, policy, NOW));
    return finish(differenceOf(before, after, Infinity)).gained;
  };

  it("means by another push whoever has it now", () => {
    expect(gainedWhere(new Map([["user:alice", undefined]]))).toBe(1);
    expect(gainedWhere(new Map([["user:alice", drawn.user("alice")]]))).toBe(0);
    expect(gainedWhere(new Map())).toBe(0);
  });
});

describe("what was foreseen", () => {
  const ACME: Sketch = {
    owners: ["olga"],
    members: ["alice", "bob"],
    teams: { platform: { members: ["alice"] } },
    repositories: {
      web: { declares: ["acme-web"], teams: { platform: "write" } },
      core: { declares: ["acme-core"], collaborators: { bob: "maintain" } },
    },
  };
  const { facts, user, team, repository } = draw(ACME);
  const saved = {
    ready: true,
    facts,
    claims: heldClaims({ facts }),
    revision: 1,
    inForce: { text: undefined, policy: DEFAULT_POLICY },
    bindings: new Map(),
  };
  const storeOf = () => createStore({ id: 1, login: "acme" }, () => NOW + 1, saved);
  const policy = changed({
    rules: [rule([{ kind: "members" }])],
    packages: new Map([[WEB, { repository: "core", line: 2 }]]),
  });

  function* comparison(view: View): Steps<Difference> {
    const { before, after } = yield* foresee(view, policy, NOW);
    return yield* differenceOf(before, after, Infinity);
  }

  /** Each of them changes something in place. */
  const happens = (store: Store): void => {
    store.revoke({ kind: "member", user: user("alice") });
    store.revoke({ kind: "team", team: team("platform") });
    store.revoke({ kind: "collaborator", user: user("bob"), repository: repository("core") });
    const value = repositoryOf("core", { declares: ["acme-new"], visibility: "public" });
    store.apply([{ kind: "repository", id: repository("core"), asOf: NOW + 1, value }]);
    store.apply([{ kind: "repository", id: repository("web"), asOf: NOW + 1, value: undefined }]);
  };

  it("is of the moment at which it was begun, whatever happens meanwhile", () => {
    const undisturbed = finish(comparison(storeOf().view()));
    expect(undisturbed.gained + undisturbed.lost).toBeGreaterThan(3);
    const changedStore = storeOf();
    happens(changedStore);
    expect(finish(comparison(changedStore.view()))).not.toEqual(undisturbed);
    let steps = 1;
    for (let isDone = false; !isDone; steps += 1) {
      const store = storeOf();
      const disturbed = comparison(store.view());
      for (let step = 0; step < steps && !isDone; step += 1) isDone = disturbed.next().done === true;
      if (isDone) break;
      happens(store);
      expect(finish(disturbed)).toEqual(undisturbed);
    }
    expect(steps).toBeGreaterThan(10);
  });
});
