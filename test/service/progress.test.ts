import { NO_POLICY } from "../domain/facts-builder.ts";
import { describe, expect, it } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import { createProgress } from "../../src/progress.ts";
import type { Slice } from "../../src/state/slice.ts";
import { createStore } from "../../src/state/store.ts";

const team = (slug: string) => ({ nodeId: slug, slug, parent: undefined });
const half: readonly Slice[] = [
  { kind: "organization", asOf: 1, value: { id: 1, login: "acme", basePermission: "none" } },
  { kind: "members", asOf: 1, value: new Map([[1, { login: "alice", owner: true }]]) },
  {
    kind: "teams",
    asOf: 1,
    value: new Map([
      [5, team("a")],
      [6, team("b")],
    ]),
  },
  { kind: "team-members", id: 5, asOf: 1, value: new Set([1]) },
];
const rest: readonly Slice[] = [
  { kind: "policy", asOf: 1, value: NO_POLICY },
  { kind: "team-members", id: 6, asOf: 1, value: new Set() },
  { kind: "organization-roles", asOf: 1, value: [] },
  { kind: "custom-roles", asOf: 1, value: new Map() },
  { kind: "repositories", asOf: 1, value: new Set() },
];

function stage(isTerminal: boolean) {
  let now = 0;
  const written: string[] = [];
  const logged: { readonly fields: object; readonly message: string }[] = [];
  const store = createStore({ id: 1, login: "acme" }, () => now);
  const show = createProgress({
    terminal: isTerminal ? { write: (text) => written.push(text) } : undefined,
    log: (fields, message) => logged.push({ fields, message }),
    now: () => now,
  });
  const at = (time: number, view: View): void => {
    now = time;
    show(view);
  };
  return { at, store, written, logged };
}

const LINE = "Reading acme: 0 repositories, 1 of 2 teams, access of 0 repositories with packages";

describe("the progress of the first reading", () => {
  it("is one changing line on a terminal, not more often than an eye can follow", () => {
    const { at, store, written, logged } = stage(true);
    store.apply(half);
    at(1000, store.view());
    at(1050, store.view());
    at(1100, store.view());
    expect(written).toEqual([`\r\x1b[K${LINE}`, `\r\x1b[K${LINE}`]);
    expect(logged).toEqual([]);
    store.apply(rest);
    at(1101, store.view());
    expect(written.at(-1)).toBe("\r\x1b[K");
    expect(logged).toEqual([
      {
        fields: {
          organization: "acme",
          packages: 0,
          repositories: 0,
          teamsRead: 2,
          teams: 2,
          accessRead: 0,
          members: 1,
        },
        message: "Everything is read: serving acme.",
      },
    ]);
  });

  it("is a line in the log now and then where nobody watches", () => {
    const { at, store, logged } = stage(false);
    at(4999, store.view());
    expect(logged).toEqual([]);
    store.apply(half);
    at(5000, store.view());
    at(9999, store.view());
    at(10_000, store.view());
    expect(logged.map(({ message }) => message)).toEqual([LINE, LINE]);
  });

  it("ends when everything is read, whatever happens later", () => {
    const { at, store, logged, written } = stage(true);
    store.apply([...half, ...rest]);
    at(1000, store.view());
    at(100_000, store.view());
    store.forget();
    at(200_000, store.view());
    expect(logged).toHaveLength(1);
    expect(written).toEqual(["\r\x1b[K"]);
  });
});
