import type { GitHubRole } from "../../src/domain/facts.ts";
import type { CatalogRow, Permission } from "../../src/domain/roles.ts";
import { catalogRow, githubRole, parseAction } from "../../src/domain/roles.ts";

/** Compiled by `tsc`, never run: each line that must not compile says so, and `tsc` fails if it does. */

const row = githubRole("read");
const { maintain, ...rest } = { read: row, triage: row, write: row, maintain: row, admin: row };

export const complete = { ...rest, maintain } satisfies Record<GitHubRole, CatalogRow>;
// @ts-expect-error a catalog without one of GitHub's roles: maintain is missing
export const incomplete = rest satisfies Record<GitHubRole, CatalogRow>;

// @ts-expect-error GitHub has no such role
githubRole("owner");

// @ts-expect-error a custom role is looked up with what the organization says of custom roles
catalogRow({ name: "deployer", level: "write" });

// @ts-expect-error a word that nobody checked is no permission
export const permission: Permission = parseAction("upload");
