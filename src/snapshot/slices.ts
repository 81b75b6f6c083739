import * as z from "zod";
import type { Facts, PolicyReading } from "../domain/facts.ts";
import { GITHUB_ROLES } from "../domain/facts.ts";
import type { Slice } from "../state/slice.ts";
import { gitHubRole, id, ids, mapOf, moment, orUndefined, packageName, role } from "./schemas.ts";

/** Facts as slices, lists before details: reduced in this order they are the same facts again. */
export function slicesOf(facts: Facts): Slice[] {
  const slices: Slice[] = [];
  const { organization, policy, members, teams, organizationRoles, customRoles, repositoryList } = facts;
  if (organization !== undefined) slices.push({ kind: "organization", ...organization });
  if (policy !== undefined) slices.push({ kind: "policy", ...policy });
  if (members !== undefined) slices.push({ kind: "members", ...members });
  if (teams !== undefined) slices.push({ kind: "teams", ...teams });
  if (organizationRoles !== undefined) slices.push({ kind: "organization-roles", ...organizationRoles });
  if (customRoles !== undefined) slices.push({ kind: "custom-roles", ...customRoles });
  if (repositoryList !== undefined) slices.push({ kind: "repositories", ...repositoryList });
  for (const [id, fact] of facts.teamMembers) slices.push({ kind: "team-members", id, ...fact });
  for (const [id, fact] of facts.repositories) slices.push({ kind: "repository", id, ...fact });
  for (const [id, fact] of facts.access) slices.push({ kind: "access", id, ...fact });
  return slices;
}

const text = z.string();

const organization = z.strictObject({
  id,
  login: text,
  basePermission: orUndefined(z.enum([...GITHUB_ROLES, "none"])),
});

const member = z.strictObject({ login: text, owner: z.boolean() });

const team = z.strictObject({ nodeId: text, slug: text, parent: orUndefined(id) });

const organizationRole = z.strictObject({ name: text, base: orUndefined(role), users: ids, teams: ids });

const problem = z.strictObject({
  path: text,
  message: text,
  line: z.exactOptional(z.int()),
  column: z.exactOptional(z.int()),
  codeblock: z.exactOptional(text),
});

const repository = z.strictObject({
  nodeId: text,
  name: text,
  visibility: z.enum(["public", "internal", "private"]),
  archived: z.boolean(),
  fork: z.boolean(),
  createdAt: moment,
  defaultBranch: z.exactOptional(text),
  declarations: z.array(z.strictObject({ name: packageName, path: text })),
  problems: z.array(problem),
});

/** Makes of a policy's text what is made of it when it comes from where it is kept. */
export type ReadPolicy = (text: string | undefined) => PolicyReading;

/** A policy is kept as text: what it means is for the version of Packgate to say that reads it. */
export function toWritten(slice: Slice): unknown {
  return slice.kind === "policy" ? { ...slice, value: { text: slice.value.text, faults: slice.value.faults } } : slice;
}

const policy = (read: ReadPolicy) =>
  z
    .strictObject({ text: orUndefined(text), faults: z.array(problem) })
    // What is no text at all has faults that no text tells of.
    .transform(({ text, faults }) => (faults.length > 0 ? { text, policy: undefined, faults } : read(text)));

const access = z.strictObject({
  collaborators: mapOf(id, z.strictObject({ login: text, role })),
  teams: mapOf(id, role),
});

/** Reads back what `toJson` made of one of {@link slicesOf}, as {@link toWritten} has it. */
export const sliceSchema = (read: ReadPolicy): z.ZodType<Slice> =>
  z.discriminatedUnion("kind", [
    shared("organization", organization),
    shared("policy", policy(read)),
    shared("members", mapOf(id, member)),
    shared("teams", mapOf(id, team)),
    shared("organization-roles", z.array(organizationRole)),
    shared("custom-roles", mapOf(text, gitHubRole)),
    shared("repositories", ids),
    keyed("team-members", ids),
    keyed("repository", repository),
    keyed("access", access),
  ]);

function shared<const K extends string, V>(kind: K, value: z.ZodType<V>) {
  return z.strictObject({ kind: z.literal(kind), asOf: moment, value });
}

function keyed<const K extends string, V>(kind: K, value: z.ZodType<V>) {
  return z.strictObject({ kind: z.literal(kind), id, asOf: moment, value });
}
