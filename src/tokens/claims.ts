import * as z from "zod";
import { parsePackageName, type PackageName } from "../domain/package-name.ts";
import { PERMISSIONS } from "../domain/roles.ts";
import type { Bounds, Run } from "../domain/runs.ts";
import { subjectOf } from "../domain/runs.ts";

/** What a token of ours is bound to. What it may do is decided anew at each use, and never goes beyond this. */
export interface Minted {
  /** Unique (`jti`). */
  readonly id: string;
  readonly run: Run;
  readonly bounds: Bounds;
  /** Epoch milliseconds, whole seconds. */
  readonly issuedAt: number;
  /** Epoch milliseconds, whole seconds. */
  readonly expiresAt: number;
}

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

const payload = z.object({
  jti: z.string(),
  iat: z.int(),
  exp: z.int(),
  run,
  bounds: z.object({ packages: z.array(packageName).optional(), permissions: z.array(z.enum(PERMISSIONS)) }),
});

/** Reads the claims of a token whose signature has been verified; throws when we did not write them. */
export function readClaims(claims: unknown): Minted {
  const { jti, iat, exp, run, bounds } = payload.parse(claims);
  return {
    id: jti,
    run: { ...run, environment: run.environment, workflow: run.workflow },
    bounds: { packages: bounds.packages, permissions: bounds.permissions },
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
  };
}

/** The claims beside those that the signer adds (`iss`, `aud`, `iat`, `exp`, `jti`). */
export function writeClaims({ run, bounds }: Minted): Record<string, unknown> {
  return { sub: subjectOf(run), run, bounds };
}
