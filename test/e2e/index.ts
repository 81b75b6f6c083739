import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { INDEX_SECRET } from "../helpers/packgate.ts";
import type { Running } from "./process.ts";
import { freePort, ROOT, run, start, until } from "./process.ts";
import { cleanEnvironment, emptyFolder, tool, VENV } from "./tools.ts";

/** The example index, and the clients people point at it. */
export interface Index extends Running {
  readonly url: string;
  /** The file names that it holds. */
  readonly files: () => string[];
}

/** Where clients are sent. */
export interface Address {
  readonly url: string;
  /** What stands in their environment beside, such as which certificates they believe. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Credentials {
  readonly login: string;
  readonly token: string;
}

type Result = Promise<{ code: number; output: string }>;

export async function startIndex(packgateUrl: string): Promise<Index> {
  const [port, packages] = [await freePort(), emptyFolder()];
  const url = `http://127.0.0.1:${port}`;
  const env = { ...cleanEnvironment(), PACKGATE_URL: packgateUrl, PACKGATE_KEY: INDEX_SECRET };
  const index = start("sh", [join(ROOT, "examples/pypiserver/run.sh")], {
    env: { ...env, VENV, PACKAGES: packages, PORT: String(port), PYTHONDONTWRITEBYTECODE: "1" },
  });
  await until("the index answers", () =>
    fetch(url).then(
      ({ status }) => status === 403 || status,
      () => index.output(),
    ),
  );
  return { ...index, url, files: () => readdirSync(packages) };
}

/** The source of a package with nothing in it. @returns its folder */
export function writePackage(name: string, version: string): string {
  const folder = emptyFolder();
  const project = `[project]\nname = "${name}"\nversion = "${version}"\n[build-system]\nrequires = ["setuptools"]\n`;
  writeFileSync(join(folder, "pyproject.toml"), `${project}build-backend = "setuptools.build_meta"\n`);
  const module = join(folder, name.replaceAll("-", "_"));
  mkdirSync(module);
  writeFileSync(join(module, "__init__.py"), "");
  return folder;
}

/** Builds a wheel and an sdist of nothing; with `--wheel`, no sdist. @returns their paths */
export async function buildPackage(name: string, version: string, ...options: "--wheel"[]): Promise<string[]> {
  const folder = writePackage(name, version);
  const { code, output } = await run(tool("python"), ["-m", "build", "--no-isolation", ...options, folder], {
    env: cleanEnvironment(),
  });
  if (code !== 0) throw new Error(output);
  return readdirSync(join(folder, "dist")).map((file) => join(folder, "dist", file));
}

/** `http://login:token@…/simple/`, or without anybody. */
function simple({ url }: Address, who: Credentials | undefined): string {
  return `${who === undefined ? url : url.replace("//", `//${who.login}:${who.token}@`)}/simple/`;
}

const clean = { ...cleanEnvironment(), UV_HTTP_RETRIES: "0" };
const environmentTo = ({ env }: Address): Record<string, string> => ({ ...clean, ...env });

/** @param wanted names, and options before them */
export const pip = (index: Address, who: Credentials | undefined, ...wanted: readonly string[]): Result =>
  run(
    tool("pip"),
    [
      "install",
      "-v",
      "--retries=0",
      "--no-deps",
      `--target=${emptyFolder()}`,
      `--index-url=${simple(index, who)}`,
      ...wanted,
    ],
    { env: environmentTo(index) },
  );

/** @param wanted names, and options before them */
export const uv = (index: Address, who: Credentials | undefined, ...wanted: readonly string[]): Result =>
  run(
    tool("uv"),
    [
      "pip",
      "install",
      `--python=${tool("python")}`,
      "--no-deps",
      `--target=${emptyFolder()}`,
      `--default-index=${simple(index, who)}`,
      ...wanted,
    ],
    { env: environmentTo(index) },
  );

export const twine = (index: Address, { login, token }: Credentials, ...files: string[]): Result =>
  run(
    tool("twine"),
    [
      "upload",
      "--non-interactive",
      "--disable-progress-bar",
      `--repository-url=${index.url}/`,
      "-u",
      login,
      "-p",
      token,
      ...files,
    ],
    { env: environmentTo(index) },
  );

export const uvPublish = (index: Address, { login, token }: Credentials, ...files: string[]): Result =>
  run(
    tool("uv"),
    ["publish", "--trusted-publishing=never", `--publish-url=${index.url}/`, "-u", login, "-p", token, ...files],
    { env: environmentTo(index) },
  );
