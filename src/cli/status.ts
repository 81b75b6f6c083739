import { ageOf, duration } from "./age.ts";
import { EXIT, type Io } from "./io.ts";
import { ask } from "./packgate.ts";
import { type Cell, printJson, printLine, printTable } from "./print.ts";
import { type OrganizationReply, type ReadinessReply, READINESS } from "./replies.ts";
import { JSON_OPTION, type Verb } from "./verb.ts";

export const status: Verb = {
  name: "status",
  summary: "is Packgate ready, and how fresh is what it knows",
  operands: [],
  options: { json: JSON_OPTION },
  notes: "Exit code: 0 ready, 4 not ready (decisions are unknown), 1 when it could not be asked, 2 misused.",
  run: async (args, io) => {
    const reply = await askReadiness(io);
    if (args.flag("json")) printJson(io, reply);
    else print(io, reply);
    return reply.ready ? EXIT.ok : EXIT.unknown;
  },
};

/** @param at where to ask instead of at PACKGATE_URL */
export async function askReadiness(io: Io, at?: string): Promise<ReadinessReply> {
  const where = at === undefined ? io : { ...io, env: { ...io.env, PACKGATE_URL: at } };
  return ask(where, { method: "GET", path: "/readyz", schema: READINESS, alsoAnswers: [503], open: true });
}

function print(io: Io, { orgs, ready, deliveries, problems }: ReadinessReply): void {
  const now = io.clock();
  const rows = orgs.map((org): Cell[] => [
    org.login,
    stateOf(org),
    io.isTTY ? ageOf(org.asOf, now) : (org.asOf ?? "never"),
    ...[org.staleBound, org.lag].map((seconds) => (typeof seconds === "number" ? duration(seconds * 1000) : "-")),
    typeof org.queued === "number" ? String(org.queued) : "-",
    typeof org.budget === "number" ? `${Math.floor(org.budget * 100)} %` : "-",
    typeof org.drift === "number" ? String(org.drift) : "-",
    ...[org.revision, org.packages, org.repositories, org.members].map(String),
  ]);
  printTable(io, rows, HEADER);
  if (typeof deliveries === "object" && deliveries !== null) printDeliveries(io, deliveries);
  for (const problem of problems ?? []) printProblem(io, problem);
  if (!ready) printLine(io, { text: "not ready", colour: "red" }, "decisions are unknown until this is mended");
}

const HEADER = [
  "ORGANIZATION",
  "STATE",
  "FACTS AS OF",
  "BOUND",
  "LAG",
  "QUEUE",
  "BUDGET",
  "DRIFT",
  "REVISION",
  "PACKAGES",
  "REPOSITORIES",
  "MEMBERS",
];

function stateOf({ synced, readsOnly }: OrganizationReply): Cell {
  if (!synced) return { text: "syncing", colour: "yellow" };
  return readsOnly === true ? { text: "reads only", colour: "yellow" } : { text: "synced", colour: "green" };
}

/** A problem with a place in a file brings the lines that it is about. */
function printProblem(io: Io, problem: string): void {
  const [sentence = "", ...code] = problem.split("\n");
  printLine(io, { text: "problem", colour: "red" }, sentence);
  if (io.isTTY) for (const line of code) printLine(io, line);
}

function printDeliveries(io: Io, { lastDeliveryAt, lastSweepAt, failedDeliveries }: Deliveries): void {
  const now = io.clock();
  const at = (time: string | null | undefined): string => (io.isTTY ? ageOf(time, now) : (time ?? "never"));
  const failed = failedDeliveries ?? 0;
  const hint = failed > 0 ? " (packgate doctor looks)" : "";
  printLine(
    io,
    { text: "webhooks", colour: failed > 0 ? "yellow" : "green" },
    `last delivery ${at(lastDeliveryAt)}; GitHub's log read ${at(lastSweepAt)}; ${failed} failed${hint}`,
  );
}

type Deliveries = NonNullable<ReadinessReply["deliveries"]>;
