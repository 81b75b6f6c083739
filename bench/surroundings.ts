import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import type { Surroundings } from "../src/service/surroundings.ts";

/** What the process supplies to a service that is measured: the real clock, no log. */
export const SURROUNDINGS: Surroundings = {
  fetch,
  time: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds, undefined, { ref: false }) },
  stopwatch: () => performance.now(),
  random: Math.random,
  uuid: randomUUID,
  log: pino({ level: "silent" }),
  terminal: undefined,
  version: "0.0.0",
};
