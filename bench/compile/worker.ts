import { compileAccess } from "../../src/domain/access.ts";
import type { Slice } from "../../src/state/slice.ts";
import { createSimulator } from "../../test/simulator/index.ts";
import { heapAfterGarbageCollection } from "../heap.ts";
import { storeOf } from "../reference/facts.ts";
import { referenceOrganization } from "../reference/organization.ts";
import { median } from "../statistics.ts";
import { answerRequests } from "../worker.ts";
import type { Compilation } from "./run.ts";

const NOW = Date.UTC(2026, 0, 1);

function compile(passes: number): Compilation {
  const github = createSimulator({ webhookSecret: "of-no-consequence", clock: () => NOW });
  const store = storeOf(github.world, referenceOrganization(github), NOW);
  const timed = (work: (pass: number) => unknown): number => {
    const times = Array.from({ length: passes }, (_, pass) => {
      const began = performance.now();
      work(pass);
      return performance.now() - began;
    });
    return median(times);
  };

  const view = store.view();
  const { facts } = view;
  const before = heapAfterGarbageCollection();
  const compiled = compileAccess(view);
  const heapBytes = heapAfterGarbageCollection() - before;
  if (compiled.repositories.size === 0) throw new Error("nothing was compiled");

  const full = timed(() => compileAccess(view));
  const [user = 0] = facts.members?.value.keys() ?? [];
  const [team, members] = [...facts.teamMembers].find(([, { value }]) => !value.has(user)) ?? [0, undefined];
  const [repository, access] = [...facts.access][0] ?? [0, undefined];
  if (members === undefined || access === undefined) throw new Error("nothing to change");

  // Every other pass takes back what the one before gave.
  const joins = (pass: number): Slice => ({
    kind: "team-members",
    id: team,
    asOf: NOW,
    value: pass % 2 === 0 ? new Set([...members.value, user]) : members.value,
  });
  const gains = (pass: number): Slice => ({
    kind: "access",
    id: repository,
    asOf: NOW,
    value: pass % 2 === 0 ? { ...access.value, teams: new Map() } : access.value,
  });
  return {
    heapBytes,
    full,
    joinsTeam: timed((pass) => store.apply([joins(pass)])),
    accessChanges: timed((pass) => store.apply([gains(pass)])),
  };
}

answerRequests((passes) => compile(Number(passes)));
