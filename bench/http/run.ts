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
  "nginx",
  "authorize",
  "introspect",
  "pypicloud",
  "evaluation",
  "express",
] as const satisfies Variant[];
/** Requests that have no body to read. */
const BODILESS: ReadonlySet<RequestKind> = new Set(["get", "pypicloud"]);

/** What a request costs beside what node:http alone costs. */
export async function benchHttp(quick: boolean): Promise<Report> {
  const [rounds, milliseconds, count] = quick ? [1, 1000, 2_000] : [5, 5000, 20_000];
  // Until the compiler has done with the server: what is measured sooner is the interpreter.
  const warmUp = quick ? 500 : 10_000;
  const requests: Record<RequestKind, string[]> = {
    get: wireRequests("get", count),
    authorize: wireRequests("authorize", count),
    introspect: wireRequests("introspect", count),
    pypicloud: wireRequests("pypicloud", count),
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
      `client on another; median of ${rounds} interleaved rounds in fresh processes, each after ${warmUp / 1000} s to ` +
      "warm up. Ratios are of the server's processor time per request: 1 is raw node:http, 0.5 costs twice as much. " +
      "Where a body is sent, the second ratio is to raw node:http that reads it too.",
    columns: ["requests/s", "µs of processor", "ratio to raw", "ratio to raw with the body", "ratio by requests/s"],
    rows: NAMES.map((variant) => [
      VARIANTS[variant].what,
      figure(middle(variant, ({ perSecond }) => perSecond)),
      figure(middle(variant, ({ perRequest }) => perRequest)),
      figure(ratio(variant, "raw")),
      BODILESS.has(VARIANTS[variant].request) ? "" : figure(ratio(variant, "rawBody")),
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
    await client.ask({ port, requests, milliseconds: warmUp }, z.int());
    const before = await server.ask({ kind: "cpu" }, z.number());
    const answered = await client.ask({ port, requests, milliseconds }, z.int());
    const spent = (await server.ask({ kind: "cpu" }, z.number())) - before;
    return { perSecond: (answered * 1000) / milliseconds, perRequest: spent / answered };
  } finally {
    await Promise.all([server.stop(), client.stop()]);
  }
}
