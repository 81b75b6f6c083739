import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Compiles and runs the benchmarks. tsx would run them as they are, but it gives every function its name at run time
 * (esbuild's `keepNames`), which costs a closure more than what is measured here.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const run = (...args: string[]): void => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

run("node_modules/typescript/bin/tsc", "-p", "bench");
run("dist/bench/bench/all.js", ...process.argv.slice(2));
