import { describe, expect, it } from "vitest";
import type { Bindings } from "../../src/domain/bindings.ts";
import { bindingKey } from "../../src/domain/bindings.ts";
import type { Subject, View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import { differenceOf } from "../../src/domain/difference.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import type { Drawn } from "../domain/facts-builder.ts";
import { draw } from "../domain/facts-builder.ts";
import { heldClaims, viewOf } from "../domain/views.ts";
import type { Random } from "../simulator/random.ts";
import { createRandom } from "../simulator/random.ts";
import { SEED } from "./check.ts";
import { anyPolicy, anySketch, NAMES, TEAMS, USERS } from "./random-policies.ts";

/** Every line of a full listing: who may do what. */
function listing(view: View, user: (name: string) => number, index: string): Map<string, string> {
  const lines = new Map<string, string>();
  const ask = (who: string, subject: Subject) => {
    for (const name of NAMES) {
      for (const permission of PERMISSIONS) {
        lines.set(`${who} ${permission} ${name}`, decide(view, subject, permission, name, { index }).outcome);
      }
    }
  };
  ask("everyone", { kind: "everyone" });
  for (const who of known(view)) ask(who, { kind: "user", id: user(who) });
  return lines;
}

/** As if some names in rules had been others' when the rules were written. */
function anyBindings(random: Random, { user, team }: Drawn): Bindings {
  const logins = USERS.flatMap((login): [string, number][] =>
    random.below(3) === 0 ? [[bindingKey("user", login), user(random.pick(USERS))]] : [],
  );
  const slugs = TEAMS.flatMap((slug): [string, number][] =>
    random.below(3) === 0 ? [[bindingKey("team", slug), team(random.pick(TEAMS))]] : [],
  );
  return new Map([...logins, ...slugs]);
}

/** Whoever is a member, or a collaborator somewhere. */
function known({ facts }: View): readonly string[] {
  const logins = new Set([...(facts.members?.value.values() ?? [])].map(({ login }) => login));
  for (const { value } of facts.access.values())
    for (const { login } of value.collaborators.values()) logins.add(login);
  return USERS.filter((login) => logins.has(login));
}

describe("the difference of two policies", () => {
  it("is the difference of two full listings", () => {
    const random = createRandom(SEED);
    const met = { gains: 0, loses: 0 };
    for (let run = 0; run < 150; run += 1) {
      const drawn = draw(anySketch(random));
      const claims = heldClaims(drawn);
      const bindings = anyBindings(random, drawn);
      const [before, after] = [anyPolicy(random), random.below(3) === 0 ? DEFAULT_POLICY : anyPolicy(random)].map(
        (policy: Policy) => viewOf(drawn.facts, claims, policy, bindings),
      );
      if (before === undefined || after === undefined) throw new Error("two policies make two views");
      const index = random.pick(["index-a", "index-b"]);
      const was = listing(before, drawn.user, index);
      const right = [...listing(after, drawn.user, index)].flatMap(([line, outcome]) => {
        if (outcome === was.get(line)) return [];
        return [`${line} ${outcome === "allow" ? "gains" : "loses"}`];
      });
      const { changes, gained, lost, unknown } = differenceOf(before, after, Infinity, { index });
      const found = changes.map(
        ({ user, permission, name, effect }) => `${user?.login ?? "everyone"} ${permission} ${name} ${effect}`,
      );
      expect(found.toSorted()).toEqual(right.toSorted());
      expect({ unknown, total: gained + lost }).toEqual({ unknown: 0, total: right.length });
      expect(gained).toBe(changes.filter(({ effect }) => effect === "gains").length);
      for (const { effect } of changes) met[effect] += 1;
      expect(differenceOf(before, after, 2, { index })).toEqual({
        gained,
        lost,
        unknown,
        changes: changes.slice(0, 2),
      });
    }
    expect(met.gains).toBeGreaterThan(1000);
    expect(met.loses).toBeGreaterThan(1000);
  });
});
