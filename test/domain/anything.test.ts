import { describe, expect, it } from "vitest";
import { mayAnything, mayList } from "../../src/domain/anything.ts";
import type { Subject } from "../../src/domain/decide.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { whatCan } from "../../src/domain/search.ts";
import { ACME, ALICE, BOB, CAROL, confirmed, DAVE, NOW, OLGA, viewOf } from "../http/acme.ts";

const user = (id: number): Subject => ({ kind: "user", id });
const EVERYONE: Subject = { kind: "everyone" };
const NOBODY = 999;

describe("whether somebody may do something to any package", () => {
  it("is whether there is one among all that they may do", () => {
    const view = viewOf();
    for (const id of [ALICE, BOB, CAROL, OLGA, DAVE, NOBODY]) {
      for (const permission of PERMISSIONS) {
        const some = whatCan(view, id).found.some(({ permissions }) => permissions.includes(permission));
        expect(mayAnything(view, user(id), permission).outcome).toBe(some ? "allow" : "deny");
      }
    }
  });

  it("says why", () => {
    const view = viewOf();
    expect(mayAnything(view, user(ALICE), "upload")).toEqual({ outcome: "allow", reason: "team" });
    expect(mayAnything(view, user(BOB), "upload")).toEqual({ outcome: "deny", reason: "no-grant" });
    expect(mayAnything(view, user(NOBODY), "upload")).toEqual({ outcome: "deny", reason: "not-a-member" });
    expect(mayAnything(view, EVERYONE, "upload")).toEqual({ outcome: "deny", reason: "missing-credentials" });
  });

  it("is not known while something is that might have been a yes", () => {
    const unread = viewOf({ ...ACME, organization: confirmed({ id: 1, login: "acme", basePermission: undefined }) });
    expect(mayAnything(unread, user(BOB), "upload")).toEqual({ outcome: "unknown", reason: "not-synced" });
    expect(mayAnything(unread, user(ALICE), "upload")).toEqual({ outcome: "allow", reason: "team" });
    const stale = viewOf(ACME, { freshSince: NOW + 1 });
    expect(mayAnything(stale, user(ALICE), "upload")).toEqual({ outcome: "unknown", reason: "stale" });
    const unready = viewOf(ACME, { ready: false, claims: new Map() });
    expect(mayAnything(unready, user(ALICE), "upload")).toEqual({ outcome: "unknown", reason: "not-synced" });
    expect(mayAnything(unready, EVERYONE, "upload")).toEqual({ outcome: "deny", reason: "missing-credentials" });
  });
});

describe("who may see a list of everything", () => {
  it.each([
    ["a member", ALICE, viewOf(), "allow", "member"],
    ["a member who holds nothing", CAROL, viewOf(), "allow", "member"],
    ["somebody from outside", DAVE, viewOf(), "deny", "not-a-member"],
    ["before everything was read", ALICE, viewOf(ACME, { ready: false }), "unknown", "not-synced"],
    ["after too long", ALICE, viewOf(ACME, { freshSince: NOW + 1 }), "unknown", "stale"],
  ] as const)("%s", (_, id, view, outcome, reason) => {
    expect(mayList(view, user(id))).toEqual({ outcome, reason });
  });

  it("is nobody without credentials", () => {
    for (const ready of [true, false]) {
      const answer = mayList(viewOf(ACME, { ready }), EVERYONE);
      expect(answer).toEqual({ outcome: "deny", reason: "missing-credentials" });
    }
  });
});
