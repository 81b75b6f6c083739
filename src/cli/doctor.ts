import { type Config, ConfigError, loadConfig } from "../config.ts";
import { examineGitHub } from "../github/doctor.ts";
import { fail, type Finding, ok, warn } from "../github/doctor/finding.ts";
import type { GitHubPort } from "../github/doctor/port.ts";
import { checkLogin } from "./doctor/login.ts";
import { checkNode } from "./doctor/node-version.ts";
import { checkServer } from "./doctor/server.ts";
import { EXIT, type Io } from "./io.ts";
import { type Colour, printJson, printTable } from "./print.ts";
import { JSON_OPTION, type Verb } from "./verb.ts";

/** What the doctor needs of the process. */
export interface Diagnosis {
  /** As `process.versions.node`. */
  readonly nodeVersion: string;
  /** Reads a text file; throws when it cannot. */
  readonly readFile: (path: string) => string;
  readonly connect: (config: Config) => Promise<GitHubPort>;
}

export function doctorVerb(diagnosis: Diagnosis): Verb {
  return {
    name: "doctor",
    summary: "examine the configuration, the App on GitHub and the running server",
    operands: [],
    options: { json: JSON_OPTION },
    notes: "Exit code: 0 when nothing failed, 1 when something did, 2 misused. Changes nothing.",
    run: async (args, io) => {
      const findings = await examine(diagnosis, io);
      const healthy = findings.every(({ status }) => status !== "fail");
      if (args.flag("json")) printJson(io, { ok: healthy, checks: findings });
      else print(io, findings);
      return healthy ? EXIT.ok : EXIT.error;
    },
  };
}

async function examine({ nodeVersion, readFile, connect }: Diagnosis, io: Io): Promise<Finding[]> {
  const node = checkNode(nodeVersion);
  const { config, findings } = checkConfig(io, readFile);
  if (config === undefined) return [node, ...findings, ...(await checkServer(io, undefined))];
  const { appId, github, publicUrl, organizations } = config;
  const context = {
    port: await connect(config),
    appId,
    webUrl: github.webUrl,
    publicUrl,
    organizations,
    now: io.clock,
  };
  const onGitHub = [...(await examineGitHub(context)), ...(await checkLogin(io, config))];
  return [node, ...findings, ...onGitHub, ...(await checkServer(io, config))];
}

function checkConfig(io: Io, readFile: (path: string) => string): { config: Config | undefined; findings: Finding[] } {
  try {
    const config = loadConfig(io.env, readFile);
    const findings = [ok("configuration", "complete"), ...config.warnings.map(configWarning), checkClients(config)];
    return { config, findings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const faults = error.faults.map(({ variable, problem, fix }) =>
      fail("configuration", `${variable} ${problem}`, fix),
    );
    return { config: undefined, findings: [...faults, ...error.warnings.map(configWarning)] };
  }
}

function configWarning(sentence: string): Finding {
  return { status: "warn", check: "configuration", message: sentence };
}

function checkClients({ indexClients }: Config): Finding {
  if (indexClients.length === 0) {
    const fix = "add one to PACKGATE_INDEX_CLIENTS, as name:secret";
    return warn("index clients", "none, so nobody may ask for decisions", fix);
  }
  return ok("index clients", indexClients.map(({ name }) => name).join(", "));
}

const COLOUR = { ok: "green", warn: "yellow", fail: "red" } as const satisfies Record<string, Colour>;

function print(io: Io, findings: readonly Finding[]): void {
  const rows = findings.map(({ status, check, org, message, fix }) => [
    { text: status, colour: COLOUR[status] },
    org === undefined ? check : `${check} ${org}`,
    ...(io.isTTY ? [fix === undefined ? message : `${message}; ${fix}`] : [message, fix ?? ""]),
  ]);
  printTable(io, rows);
}
