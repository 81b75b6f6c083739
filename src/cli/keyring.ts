import { misuse } from "./arguments.ts";
import { Failure } from "./failure.ts";
import { EXIT, type Io } from "./io.ts";
import { indexAskedAbout } from "./login/index-url.ts";
import { livingToken } from "./login/kept.ts";
import { USERNAME } from "./login/system-keyring.ts";
import type { Arguments, Verb } from "./verb.ts";

/**
 * Answers as Python's `keyring` does on the command line, for pip and uv with `--keyring-provider subprocess`: uv and
 * pip before 25.1 run `get SERVICE USERNAME`, later ones `--mode=creds --output=json get SERVICE [USERNAME]`.
 */
export const keyring: Verb = {
  name: "keyring",
  summary: "answer pip and uv in the place of Python's keyring command",
  operands: ["get", "SERVICE", "[USERNAME]"],
  options: {
    mode: { value: "MODE", meaning: "password (the default) prints the token, creds the user name before it" },
    output: { value: "FORMAT", meaning: "plain (the default), or json" },
  },
  notes: `Put this on PATH as "keyring", for pip and uv with --keyring-provider subprocess:
  #!/bin/sh
  exec packgate keyring "$@"

Exit code: 0 printed, 1 nobody is logged in there or the login has ended, 2 misused.`,
  run: async (args, io) => {
    const credentials = await credentialsFor(args, io);
    io.stdout.write(write(args, credentials));
    return EXIT.ok;
  },
};

interface Credentials {
  readonly username?: string;
  readonly password: string;
}

async function credentialsFor(args: Arguments, io: Io): Promise<Credentials> {
  const operation = args.operand("get");
  if (operation !== "get") throw misuse(keyring, `only gets; "${operation}" is for a keyring of your own`);
  const [service, username] = [args.operand("SERVICE"), args.operand("[USERNAME]")];
  const index = indexAskedAbout(service);
  const mode = oneOf("mode", ["password", "creds"], args);
  if (index === undefined || (username !== "" && username !== USERNAME))
    throw new Failure(`a login has no token for this user name and service; use ${USERNAME}@ in the URL of the index`);
  if (username === "" && mode === "password") throw misuse(keyring, "get needs USERNAME, unless --mode is creds");
  const password = await livingToken(index, io);
  return mode === "creds" ? { username: USERNAME, password } : { password };
}

function write(args: Arguments, credentials: Credentials): string {
  if (oneOf("output", ["plain", "json"], args) === "json") return `${JSON.stringify(credentials)}\n`;
  return Object.values(credentials)
    .map((value) => `${value}\n`)
    .join("");
}

function oneOf<const T extends string>(option: string, [first, ...others]: readonly [T, ...T[]], args: Arguments): T {
  const text = args.text(option) ?? first;
  const found = [first, ...others].find((value) => value === text);
  if (found === undefined) throw misuse(keyring, `cannot use --${option}: use ${[first, ...others].join(" or ")}`);
  return found;
}
