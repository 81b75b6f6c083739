import { describe, expect, it } from "vitest";
import { URGENCIES } from "../../src/github/agenda.ts";
import { createBudget } from "../../src/github/budget.ts";
import { createFakeTime } from "./support/fake-time.ts";

/** What GitHub sends of one limit. */
const headers = (resource: string, remaining: number, reset: number): Record<string, string> => ({
  "x-ratelimit-resource": resource,
  "x-ratelimit-limit": "1000",
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-reset": String(reset / 1000),
});

function stage() {
  const time = createFakeTime();
  const budget = createBudget(time.now);
  const note = (resource: string, remaining: number): void =>
    budget.note(headers(resource, remaining, time.now() + 60_000));
  const allowed = (): string[] => [...URGENCIES, "audit" as const].filter((urgency) => budget.allows(urgency));
  return { time, budget, note, allowed };
}

describe("what is left of GitHub's hourly limits", () => {
  it.each([
    [1000, ["hint", "poll", "resync", "audit"]],
    [499, ["hint", "poll", "resync"]],
    [249, ["hint", "poll"]],
    [99, ["hint"]],
    [0, ["hint"]],
  ])("with %i of 1000 left goes to what is urgent: %j", (remaining, expected) => {
    const { note, allowed } = stage();
    note("core", remaining);
    expect(allowed()).toEqual(expected);
  });

  it("is that of the scarcest limit", () => {
    const { budget, note, allowed } = stage();
    note("core", 900);
    note("graphql", 50);
    expect(allowed()).toEqual(["hint"]);
    expect(budget.left()).toBe(0.05);
    note("graphql", 1000);
    expect(budget.left()).toBe(0.9);
  });

  it("is whole again when the limit has been reset", async () => {
    const { time, budget, note } = stage();
    note("core", 0);
    await time.pass(59_999);
    expect(budget.left()).toBe(0);
    await time.pass(1);
    expect(budget.left()).toBe(1);
  });

  it.each([
    ["nothing", {}],
    ["no name", { "x-ratelimit-limit": "10", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999" }],
    ["no limit", { "x-ratelimit-resource": "core", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999" }],
    ["a limit of nought", { ...headers("core", 0, 9e12), "x-ratelimit-limit": "0" }],
    ["no number", { ...headers("core", 0, 9e12), "x-ratelimit-remaining": "few" }],
    ["no reset", { ...headers("core", 0, 9e12), "x-ratelimit-reset": "soon" }],
  ])("is not learnt from headers with %s", (_, given) => {
    const { budget } = stage();
    budget.note(given);
    expect(budget.left()).toBe(1);
  });
});
