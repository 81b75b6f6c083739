import { actionOf } from "./ask-decision.ts";
import { EXIT } from "./io.ts";
import { ask } from "./packgate.ts";
import { printJson, printTable, remark } from "./print.ts";
import { WHO_CAN } from "./replies.ts";
import { JSON_OPTION, ORG_OPTION, type Verb } from "./verb.ts";

export const whoCan: Verb = {
  name: "who-can",
  summary: "everybody who may do ACTION to PACKAGE, and why",
  operands: ["ACTION", "PACKAGE"],
  options: { org: ORG_OPTION, json: JSON_OPTION },
  run: async (args, io) => {
    const reply = await ask(io, {
      method: "GET",
      path: "/who-can",
      query: { package: args.operand("PACKAGE"), action: actionOf(args), org: args.text("org") },
      schema: WHO_CAN,
    });
    if (args.flag("json")) {
      printJson(io, reply);
      return EXIT.ok;
    }
    const rows = reply.users.map(({ login, role, reason, member }) => [
      login,
      role ?? "-",
      reason,
      member ? "member" : "outside",
    ]);
    printTable(io, rows, ["LOGIN", "ROLE", "REASON", "IN ORGANIZATION"]);
    if (reply.unknown) remark(io, `of ${reply.unknown} more it is not known yet; see: packgate status`);
    else if (rows.length === 0) remark(io, `nobody may ${reply.action} ${reply.package} in ${reply.org}`);
    return EXIT.ok;
  },
};
