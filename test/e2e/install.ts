import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./process.ts";
import { TOOLS, VENV } from "./tools.ts";

/** What the scenarios need beside Node. Pinned, so that a failure is ours. */
const REQUIREMENTS = ["pip==26.3", "uv==0.13.9", "twine==7.0.0", "build==1.6.1", "setuptools==84.2.1", "wheel==0.48.0"];
const EXAMPLE = join(ROOT, "examples/pypiserver/requirements.txt");

/** Runs once before everything: builds Packgate, and installs the tools into a folder that git ignores. */
export default async function install(): Promise<void> {
  await must("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);

  const wanted = [...REQUIREMENTS, readFileSync(EXAMPLE, "utf8")].join("\n");
  const stamp = join(TOOLS, "installed.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(TOOLS, { recursive: true, force: true });
  mkdirSync(TOOLS, { recursive: true });
  await must("python3", ["-m", "venv", VENV]);
  await must(join(VENV, "bin/python"), ["-m", "pip", "install", "--quiet", ...REQUIREMENTS, "--requirement", EXAMPLE]);
  writeFileSync(stamp, wanted);
}

/** What cannot be installed fails the run: a scenario that is skipped proves nothing. */
async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args, { env: process.env });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${output}`);
}
