import { EXIT } from "./io.ts";
import { indexUrl, URL_OPTION } from "./login/index-url.ts";
import { livingToken } from "./login/kept.ts";
import type { Verb } from "./verb.ts";

export const token: Verb = {
  name: "token",
  summary: "print the token of your login, for tools that take a password",
  operands: [],
  options: { url: URL_OPTION },
  notes: `Prints nothing but the token. The user name that goes with it is __token__.

Example: UV_PUBLISH_TOKEN=$(packgate token) uv publish --publish-url https://pypi.example.com/
Exit code: 0 printed, 1 nobody is logged in or the login has ended, 2 misused.`,
  run: async (args, io) => {
    io.stdout.write(`${await livingToken(indexUrl("token", args, io), io)}\n`);
    return EXIT.ok;
  },
};
