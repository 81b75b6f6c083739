import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { userPermissions } from "../../../src/http/pypicloud/permissions.ts";
import { ACME, viewOf } from "../acme.ts";
import { pause } from "../helpers.ts";

it("a map that is kept does not keep the facts of its moment, which are confirmed again and again", async () => {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("nothing can be collected");
  const view = viewOf(ACME);
  const ask = (name: string, facts: typeof view.facts): Buffer | string =>
    userPermissions({ ...view, facts }, new Map([["package", name]]), {}).json([]);
  ask("acme-core", view.facts);
  const later = (): WeakRef<object> => {
    const facts = { ...view.facts };
    ask("acme-old", facts);
    return new WeakRef(facts);
  };
  const kept = later();
  // A reference is good until the end of the turn in which it was made.
  await pause(0);
  collect();
  expect(kept.deref()).toBeUndefined();
  expect(ask("acme-old", view.facts).toString()).toContain("alice");
});
