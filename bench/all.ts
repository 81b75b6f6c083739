import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchBurst } from "./burst/run.ts";
import { benchCompile } from "./compile/run.ts";
import { benchDecision } from "./decision/run.ts";
import { benchFlood } from "./flood/run.ts";
import { benchRestart } from "./restart/run.ts";
import { benchSync } from "./sync/run.ts";
import { benchHttp } from "./http/run.ts";
import type { Report } from "./report.ts";
import { holds, render } from "./report.ts";

/** Every benchmark, or one: a table on stdout, and the same as data in bench/results.json. */
const PARTS: Readonly<Record<string, (quick: boolean) => Promise<Report>>> = {
  decision: benchDecision,
  http: benchHttp,
  sync: benchSync,
  compile: benchCompile,
  restart: benchRestart,
  burst: benchBurst,
  flood: benchFlood,
};

const { values } = parseArgs({ options: { only: { type: "string" }, quick: { type: "boolean", default: false } } });
const { only, quick } = values;
const parts = Object.entries(PARTS).filter(([name]) => only === undefined || name === only);
if (parts.length === 0) {
  process.stderr.write(`--only takes one of ${Object.keys(PARTS).join(", ")}\n`);
  process.exit(2);
}

const machine = `Node ${process.versions.node}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? "a processor"}`;
process.stdout.write(`${machine}${quick ? "; quick, so not to be quoted" : ""}\n`);
const reports: Record<string, Report> = {};
for (const [name, bench] of parts) {
  const report = await bench(quick);
  reports[name] = report;
  process.stdout.write(render(report));
}
const missed = Object.values(reports).flatMap(({ goals }) => goals.filter((goal) => !holds(goal)));
process.stdout.write(missed.length === 0 ? "\nAll goals hold.\n" : `\n${missed.length} goals are missed.\n`);

const results = { date: new Date().toISOString(), machine, quick, reports };
writeFileSync("bench/results.json", `${JSON.stringify(results, undefined, 2)}\n`);
