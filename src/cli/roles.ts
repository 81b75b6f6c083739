import { EXIT } from "./io.ts";
import { ask } from "./packgate.ts";
import { printJson, printTable } from "./print.ts";
import { ROLES } from "./replies.ts";
import { JSON_OPTION, ORG_OPTION, type Verb } from "./verb.ts";

export const roles: Verb = {
  name: "roles",
  summary: "which role may do what, and what says so",
  operands: [],
  options: { org: ORG_OPTION, json: JSON_OPTION },
  run: async (args, io) => {
    const query = { org: args.text("org") };
    const reply = await ask(io, { method: "GET", path: "/roles", query, schema: ROLES });
    if (args.flag("json")) printJson(io, reply);
    else {
      const rows = reply.roles.map(({ name, label, permissions, source }) => [
        name,
        label,
        permissions.length === 0 ? "-" : permissions.join(","),
        source,
      ]);
      printTable(io, rows, ["ROLE", "LABEL", "PERMISSIONS", "FROM"]);
    }
    return EXIT.ok;
  },
};
