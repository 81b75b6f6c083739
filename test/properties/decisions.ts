import type { Claim } from "../../src/domain/claims.ts";
import type { Decision, View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import type { Permission } from "../../src/domain/roles.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { NAMES, REPOSITORIES, USERS } from "./arbitraries.ts";

export interface Question {
  readonly user: number;
  readonly permission: Permission;
  readonly name: PackageName;
}

/** Every question there is in the small organization; one user is known to nobody. */
export const QUESTIONS: readonly Question[] = [...USERS, 99].flatMap((user) =>
  NAMES.flatMap((name) => PERMISSIONS.map((permission) => ({ user, permission, name }))),
);

export function decideAll(view: View): Decision[] {
  return QUESTIONS.map(({ user, permission, name }) => decide(view, { kind: "user", id: user }, permission, name));
}

/** The questions that are allowed by some decisions and not by others. */
export function allowedBeyond(some: readonly Decision[], others: readonly Decision[]): Question[] {
  return QUESTIONS.filter((_, index) => some[index]?.outcome === "allow" && others[index]?.outcome !== "allow");
}

/** Each of the three names in the hands of the repository with the same place. */
export const HELD: ReadonlyMap<PackageName, Claim> = new Map(
  REPOSITORIES.flatMap((repository, index) =>
    NAMES.slice(index, index + 1).map((name) => [name, { status: "held", repository, path: "p", since: 0 }] as const),
  ),
);
