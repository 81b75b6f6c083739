import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./process.ts";

/** Where the tools are installed; git ignores it. */
export const TOOLS = join(ROOT, ".e2e");
export const VENV = join(TOOLS, "venv");
/** devpi by itself, for it needs what is too old for everything else. */
export const DEVPI = join(TOOLS, "devpi");
/** pypicloud by itself, for it needs what is too old for everything else. */
export const PYPICLOUD = join(TOOLS, "pypicloud");

export function tool(name: "pip" | "uv" | "twine" | "python"): string {
  return join(VENV, "bin", name);
}

/** A place of its own for one scenario. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), "packgate-e2e-"));
}

/** An environment in which nothing of this machine's own configuration decides where packages come from. */
export function cleanEnvironment(home = emptyFolder()): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    NO_COLOR: "1",
    PIP_CONFIG_FILE: "/dev/null",
    PIP_NO_INPUT: "1",
    PIP_NO_CACHE_DIR: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    UV_NO_CONFIG: "1",
    UV_NO_CACHE: "1",
    UV_PYTHON_DOWNLOADS: "never",
    // twine draws boxes as wide as the terminal.
    COLUMNS: "200",
  };
}
