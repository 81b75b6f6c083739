import * as z from "zod";
import type { Report } from "../report.ts";
import { figure } from "../report.ts";
import { interleave, median } from "../statistics.ts";
import { startWorker } from "../worker.ts";
import { wireRequests } from "./requests.ts";
import type { RequestKind, Variant } from "./variants.ts";
import { VARIANTS } from "./variants.ts";

interface Measured {
  readonly perSecond: number;
  /** Processor time of the server, in microseconds: the steadier of the two, because nobody else's work is in it. */
  readonly perRequest: number;
}

const NAMES = [
  "raw",
  "rawBody",
  "rawLong",
  "nginx",
  "authorize",
  "introspect",
  "pypicloud",
  "pypicloudOthers",
  "evaluation",
  "express",
] as const satisfies Variant[];
/** The raw server that moves as many bytes. */
const LIKE: Readonly<Record<RequestKind, Variant>> = {
  get: "raw",
  authorize: "rawBody",
  introspect: "rawBody",
  pypicloud: "rawLong",
  pypicloudOthers: "raw",
  evaluation: "rawBody",
};

/** What a request costs beside what node:http alone costs. */
export async function benchHttp(quick: boolean): Promise<Report> {
  const [rounds, milliseconds, count] = quick ? [1, 1000, 2_000] : [5, 5000, 20_000];
  // Until the compiler has done with the server: what is measured sooner is the interpreter. In requests, because on a
  // busy machine a second may hold few of them.
  const warmUp = quick ? 10_000 : 60_000;
  const requests: Record<RequestKind, string[]> = {
    get: wireRequests("get", count),
    authorize: wireRequests("authorize", count),
    introspect: wireRequests("introspect", count),
    pypicloud: wireRequests("pypicloud", count),
    pypicloudOthers: wireRequests("pypicloudOthers", count),
    evaluation: wireRequests("evaluation", count),
  };
  const measured = await interleave(rounds, NAMES, (variant) => {
    const { handling, request } = VARIANTS[variant];
    return measure(handling, requests[request], warmUp, milliseconds);
  });
  const middle = (variant: Variant, figureOf: (one: Measured) => number): number =>
    median((measured.get(variant) ?? []).map(figureOf));
  const ratio = (a: Variant, b: Variant): number =>
    middle(b, ({ perRequest }) => perRequest) / middle(a, ({ perRequest }) => perRequest);

  return {
    title: "Decisions over HTTP",
    method:
      `64 connections, 5,000 tokens already verified, ${count} different questions; the server on one core and the ` +
      `client on another; median of ${rounds} interleaved rounds in fresh processes, each after ${warmUp} requests to ` +
      "warm up. Ratios are of the server's processor time per request: 1 is raw node:http, 0.5 costs twice as much. " +
      "The second ratio is to raw node:http that moves as many bytes: it reads the body where one is sent, and replies " +
      "at as much length as pypicloud is replied to. Raw node:http sends neither Cache-Control nor X-Request-Id, nor " +
      "what proxies are told in headers.",
    columns: ["requests/s", "µs of processor", "ratio to raw", "ratio to raw with the bytes", "ratio by requests/s"],
    rows: NAMES.map((variant) => [
      VARIANTS[variant].what,
      figure(middle(variant, ({ perSecond }) => perSecond)),
      figure(middle(variant, ({ perRequest }) => perRequest)),
      figure(ratio(variant, "raw")),
      figure(ratio(variant, LIKE[VARIANTS[variant].request])),
      figure(middle(variant, ({ perSecond }) => perSecond) / middle("raw", ({ perSecond }) => perSecond)),
    ]),
    goals: [
      { name: "GET /authorize/nginx / raw", value: ratio("nginx", "raw"), limit: 0.65, direction: "at least" },
      { name: "pypicloud's calls / raw", value: ratio("pypicloud", "raw"), limit: 0.65, direction: "at least" },
      { name: "POST /authorize / raw", value: ratio("authorize", "raw"), limit: 0.6, direction: "at least" },
    ],
  };
}

async function measure(
  handling: string,
  requests: readonly string[],
  warmUp: number,
  milliseconds: number,
): Promise<Measured> {
  const server = startWorker(import.meta.url, "server", { core: 0 });
  const client = startWorker(import.meta.url, "load", { core: 1 });
  try {
    const port = await server.ask({ kind: "listen", handling }, z.int());
    for (let warm = 0; warm < warmUp;) warm += await client.ask({ port, requests, milliseconds: 500 }, z.int());
    const before = await server.ask({ kind: "cpu" }, z.number());
    const answered = await client.ask({ port, requests, milliseconds }, z.int());
    const spent = (await server.ask({ kind: "cpu" }, z.number())) - before;
    return { perSecond: (answered * 1000) / milliseconds, perRequest: spent / answered };
  } finally {
    await Promise.all([server.stop(), client.stop()]);
  }
}
