import { expect, it } from "vitest";
import { kindredOf } from "../../src/domain/kindred.ts";
import type { View } from "../../src/domain/decide.ts";
import { candidates } from "../../src/domain/search.ts";
import { finish } from "../../src/domain/steps.ts";
import { draw } from "./facts-builder.ts";
import { rules } from "./policies.ts";
import { heldClaims, viewOf } from "./views.ts";

const drawn = draw({
  members: ["alice", "bob"],
  repositories: { core: { declares: ["acme"], collaborators: { otto: "read", eve: "read" } } },
});

/** How often all repositories are looked through to tell who is alike, once everybody is known. */
function looks(policy?: View["policy"]): { readonly times: number; readonly kinds: string[][] } {
  const view = viewOf(drawn.facts, heldClaims(drawn), policy);
  candidates(view);
  let times = 0;
  const access = new Proxy(drawn.facts.access, {
    get: (map, key) => {
      if (key === "values") times += 1;
      const value: unknown = Reflect.get(map, key, map);
      return typeof value === "function" ? value.bind(map) : value;
    },
  });
  const seen = { ...view, facts: { ...view.facts, access } };
  candidates(seen);
  times = 0;
  const kindred = finish(kindredOf(seen, seen));
  return { times, kinds: kindred.map(({ people }) => people.flatMap(({ user }) => user?.login ?? [])) };
}

it("who is alike is told without a look at every repository, unless rules have logins", () => {
  expect(looks()).toEqual({ times: 0, kinds: [[], ["alice", "bob"], ["eve", "otto"]] });
  const named = rules("allow user:otto r *");
  expect(looks(named)).toMatchObject({ kinds: [[], ["alice", "bob"], ["eve"], ["otto"]] });
});
