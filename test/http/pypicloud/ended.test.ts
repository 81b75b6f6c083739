import { expect, it } from "vitest";
import type { Sight, TokenCheck } from "../../../src/http/service.ts";
import { ACME, ALICE, viewOf } from "../acme.ts";
import { ask, BASIC, during, identityOf, serving, TOKEN } from "../helpers.ts";

const ended: TokenCheck = { status: "inactive", reason: "refused" };

it.each<[string, Sight | Promise<Sight>, boolean, boolean]>([
  ["that is known to see it", "visible", false, false],
  ["that was found to see it a moment ago", Promise.resolve("visible"), true, false],
  ["whose owner is looked up anew", "visible", true, true],
])("a token %s proves nothing any more once it has ended", async (_, sight, askedBefore, late) => {
  let check: TokenCheck = { status: "active", identity: identityOf(ALICE, "alice", { sees: () => sight }) };
  const verifyToken = () => (late && check === ended ? Promise.resolve(check) : check);
  await during({ ...serving(viewOf(ACME)), verifyToken }, async ({ port }) => {
    const get = async (call: string): Promise<unknown> =>
      JSON.parse((await ask(port, `/pypicloud/${call}`, { headers: BASIC })).text);
    const core = "user_permissions?package=acme-core";
    expect(await get(`verify?username=alice&password=${TOKEN}`)).toBe(true);
    const before = askedBefore ? await get(core) : { alice: ["read", "write"] };
    expect(before).toMatchObject({ alice: ["read", "write"] });
    check = ended;
    expect(await get(core)).toMatchObject({ alice: ["read"] });
  });
});
