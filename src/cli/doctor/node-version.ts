import { fail, type Finding, ok } from "../../github/doctor/finding.ts";

/** As `engines` of package.json says. */
export const LEAST_NODE = { major: 20, minor: 19 } as const;

/** @param version as `process.versions.node` */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > LEAST_NODE.major || (major === LEAST_NODE.major && minor >= LEAST_NODE.minor);
  if (enough) return ok("node", `Node ${version}`);
  const least = `${LEAST_NODE.major}.${LEAST_NODE.minor}`;
  return fail("node", `Node ${version} is too old`, `install Node ${least} or newer`);
}
