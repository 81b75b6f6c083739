import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import { describe, expect, it } from "vitest";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { historyOf, remember, resumable } from "../../src/service/remembrance.ts";
import type { Saved, SavedOrganization } from "../../src/snapshot/saved.ts";

const NOW = Date.parse("2026-11-21T20:00:00Z");
const SECOND = 1000;

const known = (id: number, login: string, changes: Partial<SavedOrganization> = {}): SavedOrganization => ({
  organization: { id, login },
  ready: true,
  facts: NO_FACTS,
  claims: new Map(),
  inForce: undefined,
  bindings: NO_BINDINGS,
  revision: id,
  doubts: [],
  sweptUntil: NOW - id * SECOND,
  grant: "grant",
  ...changes,
});
const acme = known(1, "Acme");
const beta = known(2, "beta");
const half = known(3, "half", { ready: false });
const saved = (writtenAt = NOW): Saved => ({ writtenAt, followed: new Map(), organizations: [acme, beta, half] });

describe("what a process goes on with", () => {
  it.each([
    ["whatever was complete", [], [acme, beta], [half], NOW - 2 * SECOND],
    ["what is wanted of it", ["acme", "half"], [acme], [beta, half], NOW - SECOND],
    ["nothing, where nothing else is wanted", ["gamma"], [], [acme, beta, half], undefined],
  ])("is %s", (_, wanted, organizations, others, since) => {
    expect(resumable(saved(), wanted, NOW)).toEqual({ organizations, others, since });
  });

  it("is nothing without a snapshot, or with one from a time to come", () => {
    expect(resumable(undefined, [], NOW)).toEqual({ organizations: [], others: [], since: undefined });
    expect(resumable(saved(NOW + 60 * SECOND), [], NOW).organizations).toEqual([acme, beta]);
    const { organizations, others, since } = resumable(saved(NOW + 60 * SECOND + 1), [], NOW);
    expect({ organizations, others, since }).toEqual({
      organizations: [],
      others: [acme, beta, half],
      since: undefined,
    });
  });

  it("follows everything where nobody can say until when it was followed", () => {
    const unswept = { ...saved(), organizations: [acme, known(2, "beta", { sweptUntil: undefined })] };
    expect(resumable(unswept, [], NOW).since).toBe(0);
  });
});

describe("what is nothing but remembered", () => {
  it("is told by whom it is about, without facts", () => {
    const { others } = resumable(saved(), ["acme"], NOW);
    expect(historyOf(others, 2)).toEqual({
      ready: false,
      facts: NO_FACTS,
      claims: beta.claims,
      inForce: undefined,
      bindings: NO_BINDINGS,
      revision: 2,
    });
    expect(historyOf(others, 1)).toBeUndefined();
  });

  it("is written again as it was found", () => {
    const { others } = resumable(saved(), ["acme"], NOW);
    const written = remember({
      sessions: () => [],
      others,
      sweptUntil: () => NOW,
      followed: () => new Map(),
      now: () => NOW,
    });
    expect(written).toEqual({ writtenAt: NOW, followed: new Map(), organizations: [beta, half] });
  });
});
