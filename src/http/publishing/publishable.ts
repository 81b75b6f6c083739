import type { Decision, View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import { explain } from "../../domain/explain.ts";
import type { PackageName } from "../../domain/package-name.ts";
import { fullName } from "../../domain/phrases.ts";
import type { Run } from "../../domain/runs.ts";
import { circumstancesOf, outOfReach } from "../../domain/runs.ts";

/** What a run may publish of what its repository holds; `packages` is left out where the list would be too long for a token. */
export type Publishable =
  | { readonly status: "publishable"; readonly packages: readonly PackageName[] | undefined }
  | { readonly status: "refused" | "unknown"; readonly message: string };

/** Characters. A token travels in a header, as Basic and so a third longer, and proxies take 8 KiB of it. */
const MOST_NAMES = 2000;

export function publishable(view: View, run: Run): Publishable {
  const repository = fullName(view, run.repository);
  const held = [...view.claims].flatMap(([name, claim]) => (claim.repository === run.repository ? [name] : []));
  if (!view.ready)
    return { status: "unknown", message: "not everything has been read from GitHub yet; try again shortly" };
  const decided = held.map((name) => ({ name, ...judge(view, run, name) }));
  const allowed = decided.filter(({ outcome }) => outcome === "allow").map(({ name }) => name);
  if (allowed.length > 0) {
    return { status: "publishable", packages: allowed.join().length > MOST_NAMES ? undefined : allowed };
  }
  const unknown = decided.find(({ outcome }) => outcome === "unknown");
  if (unknown !== undefined) return { status: "unknown", message: unknown.message };
  const [first] = decided;
  const message = first?.message ?? `${repository} holds no package: declare one in a manifest on its default branch`;
  return { status: "refused", message };
}

function judge(
  view: View,
  run: Run,
  name: PackageName,
): { readonly outcome: Decision["outcome"]; readonly message: string } {
  const who = `a run of ${fullName(view, run.repository)}`;
  const beyond = outOfReach(view, { run, bounds: undefined }, "upload", name);
  if (beyond !== undefined) return { outcome: "deny", message: `${who} may not upload ${name}: ${beyond}` };
  const subject = { kind: "workload", repository: run.repository } as const;
  const decision = decide(view, subject, "upload", name, circumstancesOf(run));
  return {
    outcome: decision.outcome,
    message: explain(view, { who, user: undefined, permission: "upload", name }, decision),
  };
}
