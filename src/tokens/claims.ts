import * as z from "zod";
import type { OrganizationId, UserId } from "../domain/facts.ts";
import { parsePackageName, type PackageName } from "../domain/package-name.ts";
import { PERMISSIONS } from "../domain/roles.ts";
import type { Bounds, Run } from "../domain/runs.ts";
import { subjectOf } from "../domain/runs.ts";

/** What a token of ours is bound to. What it may do is decided anew at each use, and never goes beyond this. */
export type Bound = RunBound | UserBound;

/** Made for a workflow's run. */
export interface RunBound {
  readonly kind: "run";
  readonly run: Run;
  readonly bounds: Bounds;
}

/** Made for a person who logged in. */
export interface UserBound {
  readonly kind: "user";
  readonly user: UserId;
  /** What the person was called then. */
  readonly login: string;
  /** The organizations that GitHub showed the App on the person's behalf then. */
  readonly organizations: readonly OrganizationId[];
}

export type Minted<B extends Bound = Bound> = B & {
  /** Unique (`jti`). */
  readonly id: string;
  /** Epoch milliseconds, whole seconds. */
  readonly issuedAt: number;
  /** Epoch milliseconds, whole seconds. */
  readonly expiresAt: number;
};

const packageName = z.string().transform((text, context): PackageName => {
  const name = parsePackageName(text);
  if (name !== undefined) return name;
  context.addIssue("not a package name");
  return z.NEVER;
});

const run = z.object({
  organization: z.int(),
  repository: z.int(),
  event: z.string(),
  ref: z.string(),
  refProtected: z.boolean(),
  environment: z.string().optional(),
  workflow: z.string().optional(),
});

const bounds = z.object({ packages: z.array(packageName).optional(), permissions: z.array(z.enum(PERMISSIONS)) });
const user = z.object({ id: z.int().positive(), login: z.string(), organizations: z.array(z.int()) });
const always = { jti: z.string(), iat: z.int(), exp: z.int() };
const payload = z.union([z.object({ ...always, run, bounds }), z.object({ ...always, user })]);

/** Reads the claims of a token whose signature has been verified; throws when we did not write them. */
export function readClaims(claims: unknown): Minted {
  const read = payload.parse(claims);
  const common = { id: read.jti, issuedAt: read.iat * 1000, expiresAt: read.exp * 1000 };
  if ("user" in read) {
    const { id, login, organizations } = read.user;
    return { kind: "user", user: id, login, organizations, ...common };
  }
  const { run, bounds } = read;
  return {
    kind: "run",
    run: { ...run, environment: run.environment, workflow: run.workflow },
    bounds: { packages: bounds.packages, permissions: bounds.permissions },
    ...common,
  };
}

/** The claims beside those that the signer adds (`iss`, `aud`, `iat`, `exp`, `jti`). */
export function writeClaims(bound: Bound): Record<string, unknown> {
  if (bound.kind === "run") return { sub: subjectOf(bound.run), run: bound.run, bounds: bound.bounds };
  const { user, login, organizations } = bound;
  return { sub: String(user), user: { id: user, login, organizations } };
}
