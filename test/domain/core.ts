import type { Decision } from "../../src/domain/decide.ts";
import type { RepositorySketch, Sketch, TeamSketch } from "./facts-builder.ts";

/** One private repository `core` that declares `acme-core`; alice is a member, olga owns, dave is from outside. */
export function core(repository: RepositorySketch, more: Sketch = {}): Sketch {
  return {
    owners: ["olga"],
    members: ["alice"],
    ...more,
    repositories: { core: { declares: ["acme-core"], ...repository } },
  };
}

/** The outcome, the reason, and the role of the strongest grant, in a line. */
export function short({ outcome, reason, grant }: Decision): string {
  const role = grant === undefined ? "" : ` (${grant.role.name})`;
  return `${outcome} ${reason}${role}`;
}

export const FAMILY: Readonly<Record<string, TeamSketch>> = {
  engineering: { members: [] },
  backend: { parent: "engineering", members: [] },
  search: { parent: "backend", members: ["alice"] },
  design: { members: ["bob"] },
};
