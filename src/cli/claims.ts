import { ageOf } from "./age.ts";
import { pins } from "./claims-toml.ts";
import { misuse } from "./arguments.ts";
import { EXIT, type Io } from "./io.ts";
import { ask } from "./packgate.ts";
import { type Cell, type Colour, printJson, printLine, printTable, remark } from "./print.ts";
import { CLAIMS, type ClaimReply, type ClaimsReply, type ProblemReply } from "./replies.ts";
import { JSON_OPTION, ORG_OPTION, type Verb } from "./verb.ts";

export const claims: Verb = {
  name: "claims",
  summary: "which repository owns which package name, and manifests that need mending",
  operands: [],
  options: {
    toml: { meaning: "print all claims as pins for packgate.toml" },
    org: ORG_OPTION,
    json: JSON_OPTION,
  },
  run: async (args, io) => {
    if (args.flag("toml") && args.flag("json")) throw misuse(claims, "prints either --toml or --json");
    const query = { org: args.text("org") };
    const reply = await ask(io, { method: "GET", path: "/claims", query, schema: CLAIMS });
    if (args.flag("json")) printJson(io, reply);
    else if (args.flag("toml")) io.stdout.write(pins(reply.claims));
    else print(io, reply);
    return EXIT.ok;
  },
};

const COLOUR = {
  pinned: "green",
  held: "green",
  contested: "red",
  retired: "yellow",
  unbound: "red",
} as const satisfies Record<ClaimReply["status"], Colour>;

function print(io: Io, { claims: all, lookAlikes, problems }: ClaimsReply): void {
  const rows = all.map(({ name, status, repository, path, since, rivals }): Cell[] => [
    name,
    { text: status, colour: COLOUR[status] },
    path ? `${repository}:${path}` : repository,
    io.isTTY ? ageOf(since, io.clock()) : since,
    (rivals ?? []).map((rival) => `${rival.repository}:${rival.path}`).join(" "),
  ]);
  printTable(io, rows, ["PACKAGE", "STATUS", "CLAIMED BY", "SINCE", "RIVALS"]);
  if (rows.length === 0) remark(io, "no repository claims a package");
  for (const names of lookAlikes ?? []) {
    printLine(io, { text: "look alike", colour: "yellow" }, names.join(" "));
  }
  for (const problem of problems) printProblem(io, problem);
}

function printProblem(io: Io, { repository, path, line, column, message, codeblock, names }: ProblemReply): void {
  const place = [`${repository}:${path}`, line, column].filter((part) => part !== undefined && part !== null).join(":");
  const kept = (names ?? []).join(" ");
  if (!io.isTTY) {
    printLine(io, "problem", place, message, ...(kept === "" ? [] : [kept]));
    return;
  }
  io.stdout.write("\n");
  printLine(io, { text: place, colour: "bold" }, message);
  // A tab is as wide as the caret line counts it: one.
  const code = codeblock?.trimEnd().replaceAll("\t", " ").split(/\r?\n/) ?? [];
  for (const line of code) printLine(io, line);
  if (kept !== "") printLine(io, `until it is mended, this repository keeps: ${kept}`);
}
