import { setImmediate as turn } from "node:timers/promises";
import * as z from "zod";
import { loadConfig } from "../../src/config.ts";
import type { Time } from "../../src/github/time.ts";
import type { Service } from "../../src/service.ts";
import { createService } from "../../src/service.ts";
import { heapAfterGarbageCollection } from "../heap.ts";
import { outcomesFrom, Questions } from "../reference/question.ts";
import { SURROUNDINGS } from "../surroundings.ts";
import { answerRequests } from "../worker.ts";
import type { Synchronised } from "./messages.ts";
import { Environment } from "./messages.ts";

/** The real service in a process of its own; only waiting is left out, and counted. */
let skipped = 0;
/** Longer waits are not for GitHub's limits but for something to happen by itself: nothing does while it is measured. */
const LONGEST_MS = 5_000;
const time: Time = {
  now: () => Date.now() + skipped,
  sleep: async (milliseconds) => {
    if (milliseconds >= LONGEST_MS) await new Promise<void>(() => undefined);
    const end = time.now() + milliseconds;
    await turn();
    // Who waited longest has taken the others along.
    skipped += Math.max(0, end - time.now());
  },
};

let service: Service | undefined;

async function synchronise(env: Readonly<Record<string, string>>): Promise<Synchronised> {
  const began = performance.now();
  service = await createService(
    loadConfig(env, () => ""),
    { ...SURROUNDINGS, time },
  );
  await service.start();
  await service.idle();
  const wallMs = performance.now() - began;
  const {
    orgs: [status],
    problems,
  } = service.http.readiness();
  if (status?.synced !== true) throw new Error(["not everything was read", ...problems].join("; "));
  const { repositories, packages, members } = status;
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  return { wallMs, pacedMs: skipped, peakRssBytes, repositories, packages, members };
}

/** What facts, claims and compiled access take: what the heap loses when they are forgotten. */
async function heapOfState(): Promise<number> {
  const before = heapAfterGarbageCollection();
  await service?.stop();
  service = undefined;
  return before - heapAfterGarbageCollection();
}

const Request = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("synchronise"), env: Environment }),
  z.object({ kind: z.literal("answer"), questions: Questions }),
  z.object({ kind: z.literal("heap") }),
]);

answerRequests((message) => {
  const request = Request.parse(message);
  if (request.kind === "synchronise") return synchronise(request.env);
  if (request.kind === "heap") return heapOfState();
  return outcomesFrom(service, request.questions);
});
