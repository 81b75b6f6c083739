import { askDecision, DECISION_EXIT, DECISION_NOTES, decisionCell } from "./ask-decision.ts";
import { printJson, printLine } from "./print.ts";
import { JSON_OPTION, ORG_OPTION, type Verb } from "./verb.ts";

export const check: Verb = {
  name: "check",
  summary: "may USER do ACTION to PACKAGE? One line, and the exit code says it too",
  operands: ["USER", "ACTION", "PACKAGE"],
  options: { org: ORG_OPTION, json: JSON_OPTION },
  notes: `${DECISION_NOTES}\n\nExample: packgate check alice upload acme-core && make release`,
  run: async (args, io) => {
    const reply = await askDecision(args, io, false);
    if (args.flag("json")) printJson(io, reply);
    else printLine(io, decisionCell(reply), ...(io.isTTY ? [] : [reply.reason]), reply.message);
    return DECISION_EXIT[reply.decision];
  },
};
