import { describe, expect, it } from "vitest";
import { whatCan, whoCan } from "../../src/domain/search.ts";
import { ACME, ALICE, BOB, confirmed, DAVE, name, viewOf } from "../http/acme.ts";

describe("who can", () => {
  it("finds members and outside collaborators, by login", () => {
    const { found, unknown } = whoCan(viewOf(), "read", name("acme-old"));
    expect(found.map(({ login, member, why }) => [login, member, why.reason])).toEqual([
      ["alice", true, "team"],
      ["dave", false, "collaborator"],
      ["olga", true, "owner"],
    ]);
    expect(unknown).toBe(0);
  });

  it("finds nobody for what nobody may do", () => {
    expect(whoCan(viewOf(), "upload", name("acme-old"))).toEqual({ found: [], unknown: 0 });
    expect(whoCan(viewOf(), "read", name("acme-new"))).toEqual({ found: [], unknown: 0 });
  });

  it("counts those of whom nobody can say", () => {
    const organization = confirmed({ id: 1, login: "acme", basePermission: undefined });
    const { found, unknown } = whoCan(viewOf({ ...ACME, organization }), "upload", name("acme-core"));
    expect(found.map(({ login }) => login)).toEqual(["alice", "olga"]);
    expect(unknown).toBe(2);
  });

  it("does not know before everything has been read", () => {
    expect(whoCan(viewOf(ACME, { ready: false }), "read", name("acme-core"))).toEqual({ found: [], unknown: 1 });
  });

  it("orders by login, not by id", () => {
    const members = confirmed(new Map(["d", "b", "c", "a"].map((login, id) => [id + 1, { login, owner: true }])));
    const { found } = whoCan(viewOf({ ...ACME, members }), "read", name("acme-core"));
    expect(found.map(({ login }) => login)).toEqual(["a", "b", "c", "d"]);
  });
});

const list = (user: number, limit?: number): unknown =>
  whatCan(viewOf(), user, limit).found.map(({ name, permissions, repository, why }) => [
    name,
    permissions,
    repository?.name,
    why.grant?.role.name,
  ]);

describe("what can", () => {
  it("finds every package with its permissions, by name", () => {
    expect(list(ALICE)).toEqual([
      ["acme-core", ["read", "upload"], "core", "write"],
      ["acme-fight", ["read"], "fight", "write"],
      ["acme-old", ["read"], "old", "admin"],
    ]);
    expect(list(BOB)).toEqual([["acme-core", ["read"], "core", "read"]]);
    expect(list(DAVE)).toEqual([["acme-old", ["read"], "old", "write"]]);
    expect(list(999)).toEqual([]);
  });

  it("stops at the limit", () => {
    expect(list(ALICE, 1)).toEqual([["acme-core", ["read", "upload"], "core", "write"]]);
  });

  it("counts the packages of which nobody can say", () => {
    const access = new Map(ACME.access);
    access.delete(100);
    expect(whatCan(viewOf({ ...ACME, access }), ALICE)).toMatchObject({ unknown: 1, found: { length: 2 } });
    expect(whatCan(viewOf(ACME, { ready: false }), ALICE)).toEqual({ found: [], unknown: 1 });
  });
});
