import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./process.ts";
import { PYPICLOUD, TOOLS, VENV } from "./tools.ts";

/** What the scenarios need beside Node. Pinned, so that a failure is ours. */
const REQUIREMENTS = ["pip==26.3", "uv==0.13.9", "twine==7.0.0", "build==1.6.1", "setuptools==84.2.1", "wheel==0.48.0"];
const EXAMPLE = join(ROOT, "examples/pypiserver/requirements.txt");
const PYPICLOUD_EXAMPLE = join(ROOT, "examples/pypicloud/requirements.txt");

/** Runs once before everything: builds Packgate, and installs the tools into a folder that git ignores. */
export default async function install(): Promise<void> {
  await must("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);

  const wanted = [...REQUIREMENTS, readFileSync(EXAMPLE, "utf8"), readFileSync(PYPICLOUD_EXAMPLE, "utf8")].join("\n");
  const stamp = join(TOOLS, "installed.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(TOOLS, { recursive: true, force: true });
  mkdirSync(TOOLS, { recursive: true });
  await environment(VENV, [...REQUIREMENTS, "--requirement", EXAMPLE]);
  await environment(PYPICLOUD, ["--requirement", PYPICLOUD_EXAMPLE]);
  writeFileSync(stamp, wanted);
}

async function environment(folder: string, packages: readonly string[]): Promise<void> {
  await must("python3", ["-m", "venv", folder]);
  await must(join(folder, "bin/python"), ["-m", "pip", "install", "--quiet", ...packages]);
}

/** What cannot be installed fails the run: a scenario that is skipped proves nothing. */
async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args, { env: process.env });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${output}`);
}
