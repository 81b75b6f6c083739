import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./process.ts";
import { TOOLS } from "./tools.ts";

/** Proxies that come from Debian, and what the documentation's lines of shell need. */
export const DEBIAN = ["nginx", "caddy", "haproxy", "jq", "curl", "openssl"] as const;

const ROOT = join(TOOLS, "debian");

/**
 * Unpacks the programs into our own folder, with the libraries that this machine lacks: it takes no root, starts
 * nothing, and leaves the system as it is. A machine that is no Debian has them on its PATH instead.
 */
export async function installDebian(must: (command: string, args: readonly string[]) => Promise<void>): Promise<void> {
  const looked = await Promise.all(DEBIAN.map((name) => run("sh", ["-c", `command -v ${name}`])));
  const missing = DEBIAN.filter((_, at) => looked[at]?.code !== 0);
  if (missing.length === 0) return;
  const archives = join(ROOT, "archives");
  mkdirSync(archives, { recursive: true });
  const names = await neededFor(missing);
  // The lists of packages may be missing, or older than what the mirror still has.
  const download = `cd "$0" && { apt-get download "$@" || { apt-get update && apt-get download "$@"; }; }`;
  await must("sh", ["-c", download, archives, ...names]);
  for (const file of readdirSync(archives)) await must("dpkg-deb", ["-x", join(archives, file), ROOT]);
}

/** What apt would install, so much as it knows before it has looked at the mirror. */
async function neededFor(programs: readonly string[]): Promise<string[]> {
  const simulate = ["install", "--simulate", "--no-install-recommends", ...programs];
  let { code, output } = await run("apt-get", simulate, { env: process.env });
  if (code !== 0) {
    await run("apt-get", ["update"], { env: process.env });
    ({ code, output } = await run("apt-get", simulate, { env: process.env }));
  }
  if (code !== 0) throw new Error(`install ${programs.join(", ")}; apt-get cannot:\n${output}`);
  return [...output.matchAll(/^Inst (\S+)/gm)].map(([, name = ""]) => name);
}

/** Where a program is, and how it finds its libraries. */
export function debianEnvironment(): Record<string, string> {
  const place = (name: string): string =>
    ["usr/sbin", "usr/bin"].map((folder) => join(ROOT, folder, name)).find((path) => existsSync(path)) ?? name;
  const libraries = join(ROOT, "usr/lib", process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu");
  return {
    NGINX: place("nginx"),
    CADDY: place("caddy"),
    HAPROXY: place("haproxy"),
    PATH: [process.env["PATH"], join(ROOT, "usr/bin")].join(":"),
    ...(existsSync(libraries) && { LD_LIBRARY_PATH: libraries }),
  };
}
