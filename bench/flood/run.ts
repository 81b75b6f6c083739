import * as z from "zod";
import { wireRequests } from "../http/requests.ts";
import type { Report } from "../report.ts";
import { figure } from "../report.ts";
import { interleave, median } from "../statistics.ts";
import { startWorker } from "../worker.ts";
import { Loaded } from "./messages.ts";
import { floodOf, malformedToken, unknownToken } from "./requests.ts";

/** What comes through another index client meanwhile. */
const VARIANTS = {
  quiet: { what: "nothing else", tokenOf: unknownToken, perSecond: 0 },
  unknown: { what: "100 well-formed tokens of nobody's a second", tokenOf: unknownToken, perSecond: 100 },
  malformed: { what: "malformed tokens, up to 10,000 a second", tokenOf: malformedToken, perSecond: 10_000 },
} as const;
type Variant = keyof typeof VARIANTS;
const NAMES = ["quiet", "unknown", "malformed"] as const satisfies readonly Variant[];

/** A second, by people whose tokens are known. */
const OTHERS = 200;

interface Measured {
  readonly others: Loaded;
  readonly flood: Loaded | undefined;
  /** How often GitHub was asked because of the flood. */
  readonly asked: number;
}

/** What a flood of tokens through one index client costs those who ask through another, and GitHub. */
export async function benchFlood(quick: boolean): Promise<Report> {
  const [rounds, milliseconds, warmUp] = quick ? [3, 3_000, 1_000] : [7, 10_000, 3_000];
  const requests = wireRequests("authorize", 5_000);
  const results = await interleave(rounds, NAMES, (name) => measure(VARIANTS[name], requests, warmUp, milliseconds));
  const middle = (name: Variant, pick: (measured: Measured) => number): number =>
    median((results.get(name) ?? []).map(pick));
  const ratio = (name: Variant): number =>
    middle(name, ({ others }) => others.p99) / middle("quiet", ({ others }) => others.p99);
  const most = Math.max(...(results.get("unknown") ?? []).map(({ asked }) => asked));
  return {
    title: "A flood of tokens through one index client",
    method:
      `${OTHERS} questions a second by people who are known, and beside them a flood through another index client; ` +
      `${rounds} interleaved rounds of ${milliseconds / 1000} s, medians. Latency counts from when a request was due. GitHub's answer takes 100 ms.`,
    columns: ["median, ms", "p99, ms", "p99 / quiet", "flood answered/s", "of it 503", "GitHub calls"],
    rows: NAMES.map((name) => [
      VARIANTS[name].what,
      figure(middle(name, ({ others }) => others.median)),
      figure(middle(name, ({ others }) => others.p99)),
      figure(ratio(name)),
      figure(middle(name, ({ flood }) => (flood === undefined ? 0 : (flood.answered * 1000) / flood.milliseconds))),
      figure(middle(name, ({ flood }) => flood?.statuses["503"] ?? 0)),
      figure(middle(name, ({ asked }) => asked)),
    ]),
    goals: [
      { name: "others' p99 under unknown tokens / quiet", value: ratio("unknown"), limit: 2, direction: "at most" },
      // A budget of 60, and one more for each second.
      { name: "GitHub calls by unknown tokens", value: most, limit: 61 + milliseconds / 1000, direction: "at most" },
      {
        name: "GitHub calls by malformed tokens",
        value: middle("malformed", ({ asked }) => asked),
        limit: 0,
        direction: "at most",
      },
    ],
  };
}

async function measure(
  { tokenOf, perSecond }: (typeof VARIANTS)[Variant],
  requests: readonly string[],
  warmUp: number,
  milliseconds: number,
): Promise<Measured> {
  const server = startWorker(import.meta.url, "server", { core: 0 });
  const [others, flood] = [0, 1].map(() => startWorker(import.meta.url, "load", { core: 1 }));
  if (others === undefined || flood === undefined) throw new Error("no load");
  try {
    const port = await server.ask({ kind: "listen" }, z.int());
    await others.ask({ port, requests, perSecond: OTHERS, milliseconds: warmUp }, Loaded);
    const flooding =
      perSecond === 0
        ? undefined
        : flood.ask(
            { port, requests: floodOf(tokenOf, (perSecond * milliseconds) / 1000), perSecond, milliseconds },
            Loaded,
          );
    const measured = await others.ask({ port, requests, perSecond: OTHERS, milliseconds }, Loaded);
    return { others: measured, flood: await flooding, asked: await server.ask({ kind: "asked" }, z.int()) };
  } finally {
    await Promise.all([server.stop(), others.stop(), flood.stop()]);
  }
}
