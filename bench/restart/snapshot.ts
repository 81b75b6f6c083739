import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textReader } from "../../src/service/policy.ts";
import { openSnapshots } from "../../src/snapshot/snapshots.ts";
import type { Organization, Simulator } from "../../test/simulator/index.ts";
import { storeOf } from "../reference/facts.ts";

/**
 * Writes the snapshot of a Packgate that has just read everything, and gives the environment that goes on from it.
 * Without the reading, which `bench/sync` measures.
 */
export async function snapshotFor(
  github: Simulator,
  organization: Organization,
  env: Readonly<Record<string, string>> & { readonly GITHUB_API_URL: string },
): Promise<Readonly<Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), "packgate-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const identity = { appId: github.app.id, apiUrl: env.GITHUB_API_URL };
  const snapshots = openSnapshots(
    folder,
    identity,
    textReader({ kind: "repository", repository: ".github", path: "packgate.toml" }),
    (sentence) => {
      throw new Error(sentence);
    },
  );
  const { id, login, installation } = organization;
  if (installation === null) throw new Error("the App is not installed");
  const { id: number, permissions } = installation;
  const now = Date.now();
  const known = {
    organization: { id, login },
    ...storeOf(github.world, organization, now).saved(),
    doubts: [],
    sweptUntil: now,
    grant: JSON.stringify({ installation: number, login, permissions }),
  };
  await snapshots.save({ writtenAt: now, followed: new Map(), organizations: [known] });
  return { ...env, PACKGATE_STATE: `file:${folder}` };
}
