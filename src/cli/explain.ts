import { ageOf } from "./age.ts";
import { askDecision, DECISION_EXIT, DECISION_NOTES, decisionCell } from "./ask-decision.ts";
import { evidenceSentence } from "./evidence.ts";
import { type Cell, printJson, printTable } from "./print.ts";
import type { DecisionReply } from "./replies.ts";
import { JSON_OPTION, ORG_OPTION, type Verb } from "./verb.ts";

export const explain: Verb = {
  name: "explain",
  summary: "as check, with every path that grants it, and how old the facts are",
  operands: ["USER", "ACTION", "PACKAGE"],
  options: { org: ORG_OPTION, json: JSON_OPTION },
  notes: DECISION_NOTES,
  run: async (args, io) => {
    const reply = await askDecision(args, io, true);
    if (args.flag("json")) printJson(io, reply);
    else printTable(io, rows(reply, io.clock()));
    return DECISION_EXIT[reply.decision];
  },
};

function rows(reply: DecisionReply, now: number): Cell[][] {
  const { message, reason, repository, role, evidence, evidenceOmitted, asOf, revision } = reply;
  const facts: [string, string | null | undefined][] = [
    ["reason", reason],
    ["repository", repository],
    ["role", role],
    ...(evidence ?? []).map((path): [string, string] => [
      path.effect === "deny" ? "denied by" : "granted by",
      evidenceSentence(path),
    ]),
    ["granted by", evidenceOmitted ? `${evidenceOmitted} more paths` : undefined],
    ["facts as of", asOf ? `${asOf} (${ageOf(asOf, now)})` : undefined],
    ["revision", revision?.toString()],
  ];
  return [[decisionCell(reply), message], ...facts.flatMap(([name, value]) => (value ? [[name, value]] : []))];
}
