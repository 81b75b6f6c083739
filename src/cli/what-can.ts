import { EXIT } from "./io.ts";
import { ask } from "./packgate.ts";
import { printJson, printTable, remark } from "./print.ts";
import { WHAT_CAN } from "./replies.ts";
import { JSON_OPTION, ORG_OPTION, type Verb } from "./verb.ts";

export const whatCan: Verb = {
  name: "what-can",
  summary: "every package USER may do something to, and why",
  operands: ["USER"],
  options: { org: ORG_OPTION, json: JSON_OPTION },
  run: async (args, io) => {
    const reply = await ask(io, {
      method: "GET",
      path: "/what-can",
      query: { user: args.operand("USER"), org: args.text("org") },
      schema: WHAT_CAN,
    });
    if (args.flag("json")) {
      printJson(io, reply);
      return EXIT.ok;
    }
    const rows = reply.packages.map(({ name, permissions, role, reason, repository }) => [
      name,
      permissions.join(","),
      role ?? "-",
      reason,
      repository ?? "-",
    ]);
    printTable(io, rows, ["PACKAGE", "PERMISSIONS", "ROLE", "REASON", "REPOSITORY"]);
    if (reply.unknown) remark(io, `of ${reply.unknown} more it is not known yet; see: packgate status`);
    else if (rows.length === 0) remark(io, `${reply.user.login} has no permission on any package in ${reply.org}`);
    return EXIT.ok;
  },
};
