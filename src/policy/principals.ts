import type { Principal } from "../domain/policy.ts";
import { closest } from "../text/closest.ts";
import { quoted } from "../text/excerpt.ts";
import { readRepository, readRole } from "./names.ts";
import type { Read } from "./shapes.ts";

const GROUPS = ["everyone", "members"] as const;
const KINDS = ["user", "team", "role", "workflow"] as const;
type Named = (typeof KINDS)[number];

/** Whom a rule is about: `everyone`, `members`, `user:alice`, `team:release`, `role:maintain` or `workflow:core`. */
export const readPrincipal: Read<Principal> = (text) => {
  const group = GROUPS.find((word) => word === text);
  if (group !== undefined) return { value: { kind: group } };
  const colon = text.indexOf(":");
  const [word, name] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  const kind = KINDS.find((candidate) => candidate === word);
  if (kind === undefined) return { fault: `has ${quoted(text)}, which names nobody; ${suggestion(word, name)}` };
  if (kind === "role") {
    const role = readRole(name);
    if ("value" in role) return { value: { kind, name: role.value } };
    return { fault: `has ${quoted(text)}, and a role has a name; write role:maintain, say` };
  }
  const fault = nameFault(kind, name);
  return fault === undefined ? { value: { kind, name } } : { fault: `has ${quoted(text)}, and ${fault}` };
};

function suggestion(word: string, name: string): string {
  const bare = name.replace(/^@/, "");
  if (word === "") {
    const group = closest(name, GROUPS);
    if (group !== undefined) return `did you mean ${quoted(group)}?`;
    // GitHub mentions a team as @organization/team.
    const team = quoted(`team:${bare.slice(bare.lastIndexOf("/") + 1)}`);
    return bare.includes("/") ? `write ${team}` : `write ${quoted(`user:${bare}`)} or ${team}`;
  }
  const kind = closest(word, KINDS);
  if (kind !== undefined) return `did you mean ${quoted(`${kind}:${name}`)}?`;
  return `write ${KINDS.map((candidate) => `${candidate}:`).join(", ")} and a name, or ${GROUPS.join(" or ")}`;
}

// Lenient: GitHub knows which logins and slugs there are.
const SLUG = /^[\w-]{1,100}$/;

function nameFault(kind: Exclude<Named, "role">, name: string): string | undefined {
  if (kind === "workflow") {
    const read = readRepository(name);
    return "value" in read ? undefined : "a workflow is meant by its repository's name; write workflow:core, say";
  }
  if (SLUG.test(name)) return undefined;
  if (kind === "user") return "this is no login; write it as in the address of the profile, user:alice, say";
  return `teams are meant by their slugs; write ${quoted(`team:${slugOf(name)}`)}`;
}

function slugOf(name: string): string {
  const slug = name
    .slice(name.lastIndexOf("/") + 1)
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return slug === "" ? "release" : slug;
}
