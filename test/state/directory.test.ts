import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Access, Facts, Member } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import type { View } from "../../src/domain/decide.ts";
import type { Resolution } from "../../src/state/directory.ts";
import { everybody, personOf, resolveUser } from "../../src/state/directory.ts";
import { ACME, ALICE, confirmed, DAVE, granted, role, viewOf } from "../http/acme.ts";

function known(members: Record<number, string>, ...repositories: Record<number, string>[]): Facts {
  const people = Object.entries(members).map(([id, login]): [number, Member] => [Number(id), { login, owner: false }]);
  const access = repositories.map((people, index): [number, { asOf: number; value: Access }] => {
    const collaborators = Object.fromEntries(
      Object.entries(people).map(([id, login]) => [id, { login, role: role("read") }]),
    );
    return [index, confirmed(granted({ collaborators }))];
  });
  return { ...NO_FACTS, members: confirmed(new Map(people)), access: new Map(access) };
}

/** Of several logins that lists give somebody, any will do. */
const idOf = (found: Resolution): unknown => (found.status === "known" ? found.person.id : found.status);
const someone = (id: number, login: string): unknown => ({ status: "known", person: { id, login } });
const unknown = { status: "unknown" };
const ambiguous = { status: "ambiguous" };

describe("whom a text means", () => {
  const plain = known({ 1: "alice", 2: "Bob", 77: "1234", 88: "88" }, { 5: "dave", 1: "Alice" });
  const renamed = known({ 1: "alice-new", 2: "bob" }, { 1: "alice" }, { 1: "alice" });
  const taken = known({ 1: "alice", 2: "ALICE" }, { 3: "alice" });
  const reused = known({ 1: "alice-new", 2: "alice" }, { 1: "alice" });
  const digits = known({ 1: "500", 500: "eve", 600: "600" });

  it.each([
    [plain, "alice", someone(1, "alice")],
    [plain, "ALICE", someone(1, "alice")],
    [plain, "bob", someone(2, "Bob")],
    [plain, "dave", someone(5, "dave")],
    [plain, "5", someone(5, "dave")],
    [plain, "1", someone(1, "alice")],
    [plain, "01", unknown],
    [plain, "1.0", unknown],
    [plain, "-1", unknown],
    [plain, "0", unknown],
    [plain, "99999999999999999999", unknown],
    [plain, "", unknown],
    [plain, " alice", unknown],
    [plain, "mallory", unknown],
    [plain, "999", unknown],
    [plain, "1234", someone(77, "1234")],
    [plain, "88", someone(88, "88")],
    // The Kelvin sign's lower case is a plain k; it must not become somebody's login.
    [known({ 1: "kim" }), "\u212Aim", unknown],
    [renamed, "alice", ambiguous],
    [renamed, "alice-new", ambiguous],
    [renamed, "1", someone(1, "alice-new")],
    [renamed, "bob", someone(2, "bob")],
    [taken, "alice", ambiguous],
    [taken, "2", someone(2, "ALICE")],
    [reused, "alice", ambiguous],
    [reused, "alice-new", ambiguous],
    [digits, "500", ambiguous],
    [digits, "600", someone(600, "600")],
    [NO_FACTS, "alice", unknown],
  ] as const)("$1 → $2 (%#)", (facts, text, expected) => {
    expect(resolveUser(viewOf(facts), text)).toEqual(expected);
  });

  it("finds people by id under their member's login", () => {
    expect(personOf(viewOf(renamed), 1)).toEqual({ id: 1, login: "alice-new" });
    expect(personOf(viewOf(), DAVE)).toEqual({ id: DAVE, login: "dave" });
    expect(personOf(viewOf(), 999)).toBeUndefined();
  });
});

describe("the directory", () => {
  it("reads the members once, and anew when their list is another", () => {
    let reads = 0;
    const members = new Map(ACME.members?.value);
    const counted: ReadonlyMap<number, Member> = new Proxy(members, {
      get: (target, key) => {
        if (key === Symbol.iterator) reads += 1;
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const view = viewOf({ ...ACME, members: confirmed(counted) });
    expect(resolveUser(view, "alice")).toEqual(someone(ALICE, "alice"));
    expect(resolveUser({ ...view }, "bob")).toEqual(someone(2, "bob"));
    expect(reads).toBe(1);
    const otherTeams = { ...view.facts, teamMembers: new Map() };
    expect(resolveUser({ ...view, facts: otherTeams, revision: view.revision + 1 }, "bob")).toEqual(someone(2, "bob"));
    expect(reads).toBe(1);
    members.delete(ALICE);
    const otherMembers = { ...view.facts, members: confirmed(counted) };
    expect(resolveUser({ ...view, facts: otherMembers, revision: view.revision + 2 }, "alice")).toEqual(unknown);
    expect(reads).toBe(2);
    const otherAccess = { ...otherMembers, access: new Map() };
    expect(resolveUser({ ...view, facts: otherAccess, revision: view.revision + 3 }, "dave")).toEqual(unknown);
    expect(reads).toBe(2);
  });

  it("is what it would be if it were read anew, whatever collaborators come, go and are called", () => {
    const logins = fc.constantFrom("alice", "Alice", "bob", "5", "carol");
    const people = fc.dictionary(fc.constantFrom("1", "2", "5"), logins, { noNullPrototype: true });
    fc.assert(
      fc.property(people, fc.array(fc.array(people, { maxLength: 3 }), { minLength: 1 }), (members, states) => {
        const first = viewOf(known(members));
        for (const repositories of states) {
          const { access } = known(members, ...repositories);
          const facts = { ...first.facts, access };
          const answers = (view: View) =>
            ["alice", "bob", "carol", "1", "2", "5"].map((text) => resolveUser(view, text));
          const kept = { ...first, facts };
          expect(answers(kept).map(idOf)).toEqual(answers(viewOf(facts)).map(idOf));
          const ids = (view: View) => new Set(everybody(view).map(({ id }) => id));
          expect(ids(kept)).toEqual(ids(viewOf(facts)));
        }
      }),
    );
  });

  it("keeps organizations apart, whatever their revisions", () => {
    expect(resolveUser(viewOf(known({ 1: "alice" })), "alice")).toEqual(someone(1, "alice"));
    expect(resolveUser(viewOf(known({ 2: "alice" })), "alice")).toEqual(someone(2, "alice"));
  });
});
