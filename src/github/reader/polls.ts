import { z } from "zod";
import type { Facts } from "../../domain/facts.ts";
import type { SliceKey } from "../../state/slice.ts";
import type { Client } from "../client.ts";

const owners = z.array(z.object({ id: z.number() }));
const teams = z.array(
  z.object({
    id: z.number(),
    parent: z.object({ id: z.number() }).nullish(),
    type: z.enum(["organization", "enterprise"]).optional(),
  }),
);

/** Slices that are small, and cost nothing to ask for while GitHub answers that they have not changed. */
const WHOLE: readonly SliceKey[] = ["organization", "policy", "organization-roles", "custom-roles"];

/**
 * What to read again of that for which GitHub sends no webhook: owners, the base permission, organization roles,
 * custom roles, parents of teams, teams of the enterprise, and whether the organization is there at all.
 * Lists are compared here, because reading their slices costs far more than asking whether they have changed.
 */
export async function findOutdated(client: Client, org: string, facts: Facts): Promise<SliceKey[]> {
  const [admins, listed] = await Promise.all([
    // REST "List organization members" and "List teams"
    client.list("GET /orgs/{org}/members", { org, role: "admin" }, owners),
    client.list("GET /orgs/{org}/teams", { org }, teams),
  ]);
  const known = [...(facts.members?.value ?? [])].flatMap(([id, { owner }]) => (owner ? [id] : []));
  const skeleton = facts.teams?.value ?? new Map();
  // A team of the enterprise may be missing from the list that the skeleton was read from.
  const ours = listed.filter(({ id, type }) => type !== "enterprise" || skeleton.has(id));
  const parents = new Map(ours.map(({ id, parent }) => [id, parent?.id]));
  const moved =
    parents.size !== skeleton.size || [...parents].some(([id, parent]) => skeleton.get(id)?.parent !== parent);
  const ofEnterprise = listed.flatMap(({ id, type }): SliceKey[] =>
    type === "enterprise" && skeleton.has(id) ? [`team-members/${id}`] : [],
  );
  return [
    ...WHOLE,
    ...(sameSet(
      admins.map(({ id }) => id),
      known,
    )
      ? []
      : ["members" as const]),
    ...(moved ? ["teams" as const] : []),
    ...ofEnterprise,
  ];
}

function sameSet(a: readonly number[], b: readonly number[]): boolean {
  const other = new Set(b);
  return new Set(a).size === other.size && a.every((id) => other.has(id));
}
