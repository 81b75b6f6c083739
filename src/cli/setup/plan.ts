import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import type { GitHubUrls } from "../../config.ts";
import { readGitHubUrls } from "../../config/github-urls.ts";
import { baseUrl, integer, type Parse, parseLogin } from "../../config/parsers.ts";
import { createReader } from "../../config/reader.ts";
import { APP_MANIFEST_FILE, type AppManifest, parseAppManifest } from "../../github/app-manifest.ts";
import { misuse } from "../arguments.ts";
import { complaintSentence, Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { checkWritable, type PrivateFile, readPrivateFile } from "../private-file.ts";
import type { Arguments } from "../verb.ts";
import { envFile } from "./env-file.ts";
import { appSettingsIn } from "./settings.ts";

/** All that the setup needs to know, found out before anybody is sent to GitHub. */
export interface Plan {
  readonly org: string;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly port: number;
  readonly file: PrivateFile;
  readonly urls: GitHubUrls;
  readonly manifest: AppManifest;
}

export async function planSetup(args: Arguments, io: Io): Promise<Plan> {
  const org = organization(args, io);
  const publicUrl = address(args, io);
  const port = parsed("--port", args.text("port") ?? "0", integer(0, 65_535));
  const urls = gitHub(io);
  const manifest = await readManifest();
  const file = envFile(resolve(io.cwd, args.text("file") ?? ".env"));
  await checkEnvFile(file, args.flag("force"));
  return { org, publicUrl, port, file, urls, manifest };
}

function organization(args: Arguments, { env }: Io): string {
  // A private App can be installed on its owner only, so the owner has to be the organization.
  const served = env["PACKGATE_ORGS"]?.trim() || undefined;
  const login = args.text("org") ?? (served?.includes(",") ? undefined : served);
  if (login === undefined) throw misuse(SETUP, "needs --org LOGIN: the organization that will own the App");
  const valid = parseLogin(login);
  if (valid === undefined) throw misuse(SETUP, `cannot use --org: "${login}" is not a login`);
  return valid;
}

function address(args: Arguments, { env }: Io): string {
  const url = args.text("public-url") ?? (env["PACKGATE_PUBLIC_URL"]?.trim() || undefined);
  if (url === undefined) throw misuse(SETUP, "needs --public-url URL: where GitHub reaches this Packgate");
  return parsed("--public-url", url, baseUrl);
}

function parsed<T>(option: string, text: string, parse: Parse<T>): T {
  const result = parse(text);
  if ("value" in result) return result.value;
  throw misuse(SETUP, `cannot use ${option}: it ${complaintSentence(result.complaints)}`);
}

function gitHub({ env }: Io): GitHubUrls {
  const reader = createReader(env);
  const urls = readGitHubUrls(reader);
  for (const fault of reader.faults) throw new Failure(`${fault.variable} ${complaintSentence([fault])}`);
  return urls;
}

async function readManifest(): Promise<AppManifest> {
  try {
    return parseAppManifest(await readFile(APP_MANIFEST_FILE, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : "unreadable";
    throw new Failure(`cannot use app.yml: ${why}; restore it from the repository`);
  }
}

async function checkEnvFile(file: PrivateFile, force: boolean): Promise<void> {
  const present = appSettingsIn(await readPrivateFile(file));
  if (present.length > 0 && !force) {
    const fix = "name another file with --file, or replace them with --force";
    throw new Failure(`${file.path} sets ${present.join(", ")} already; ${fix}`);
  }
  await checkWritable(file);
}

const SETUP = { name: "setup" };
