import { duration } from "./age.ts";
import { EXIT } from "./io.ts";
import { awaitToken, beginDeviceFlow } from "./login/device-flow.ts";
import { GITHUB_OPTION, githubNamed } from "./login/github-url.ts";
import { indexUrl, URL_OPTION } from "./login/index-url.ts";
import { askAuthority, exchange } from "./login/server.ts";
import { keyringStore, netrcStore } from "./login/stores.ts";
import { printLine } from "./print.ts";
import type { Verb } from "./verb.ts";

export const login: Verb = {
  name: "login",
  summary: "log in to an index with your GitHub account, without a personal access token",
  operands: [],
  options: {
    url: URL_OPTION,
    netrc: { meaning: "keep the token in ~/.netrc (or NETRC), not in the keyring" },
    github: GITHUB_OPTION,
  },
  notes: `Shows a code to enter at GitHub, and keeps a token of Packgate's that lives 12 hours. pip, uv and twine find it in
the keyring or in netrc; "packgate token" prints it, "packgate logout" ends it.

Example: packgate login --url https://pypi.example.com`,
  run: async (args, io) => {
    const index = indexUrl("login", args, io);
    const github = githubNamed("login", args);
    const store = args.flag("netrc") ? netrcStore(index, io) : keyringStore(index, io);
    await store.check();
    const authority = await askAuthority(io, index);
    const device = await beginDeviceFlow(io, authority, github);
    printLine(io, `Open ${device.verificationUri} and enter the code ${device.userCode}`);
    printLine(io, `GitHub names the App that asks: authorize none but your organization's own for ${index.host}`);
    const { token, end } = await exchange(io, index, await awaitToken(io, authority, device));
    await store.keep(token);
    printLine(
      io,
      `Logged in to ${index.host} for ${duration(end - io.clock() + HALF_A_MINUTE)}; the token is in ${store.name}`,
    );
    return EXIT.ok;
  },
};

/** Durations are rounded down, and a second has passed already. */
const HALF_A_MINUTE = 30_000;
