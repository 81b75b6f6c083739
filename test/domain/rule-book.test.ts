import { describe, expect, it } from "vitest";
import { compileAccess, updateAccess } from "../../src/domain/access.ts";
import { addAll, bitsFor, setBit, word } from "../../src/domain/bits.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { withFacts } from "../../src/domain/rule-book.ts";
import { knownCover } from "../../src/domain/cover.ts";
import { core } from "./core.ts";
import { packageName } from "./facts-builder.ts";
import { rules } from "./policies.ts";
import { asked, sourcesOf } from "./views.ts";

describe("a set of bits", () => {
  it("holds numbers across words, and nothing outside", () => {
    const bits = bitsFor(40);
    for (const number of [0, 31, 32, 39]) setBit(bits, number);
    expect([...bits]).toEqual([2 ** 31 + 1, 2 ** 7 + 1]);
    expect(word(bits, 2)).toBe(0);
    const more = bitsFor(40);
    setBit(more, 33);
    addAll(bits, more);
    expect([...bits]).toEqual([2 ** 31 + 1, 2 ** 7 + 3]);
  });
});

describe("the rules of a policy", () => {
  const { view } = asked(core({}), [], rules("allow team:release c *", "allow user:alice c acme-core"));

  it("say nothing of a name once nobody claims it", () => {
    const name = packageName("acme-core");
    const access = compileAccess(view);
    expect(knownCover(access.rules, name)).toHaveLength(2);
    expect(knownCover(access.rules, packageName("other"))).toHaveLength(1);
    const touched = {
      shared: false,
      users: new Set<number>(),
      teams: new Set<number>(),
      repositories: new Set<number>(),
      names: [name],
    };
    const after = updateAccess(access, sourcesOf(view.facts, new Map(), view.policy), touched);
    expect([after.names.size, after.rules.covering.size]).toEqual([0, 0]);
  });

  it("mean whom they are bound to, also while nobody is known", () => {
    const { users, workflows } = withFacts(view.access.rules, NO_FACTS, view.access);
    expect([[...users.keys()], workflows]).toEqual([[...view.bindings.values()].slice(0, 1), new Map()]);
  });
});
