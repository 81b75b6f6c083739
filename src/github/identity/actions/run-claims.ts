import type { JWTPayload } from "jose";
import * as z from "zod";
import type { Run } from "../../../domain/runs.ts";

const number = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .transform(Number);
const text = z.string().min(1).max(1024);

/**
 * What is used of an Actions token
 * (https://docs.github.com/actions/reference/security/oidc#oidc-token-claims). Not `sub`, nor any name by itself: since
 * July 2026 there are two forms of `sub`, organizations write it as they like, and names change hands.
 */
const claims = z.object({
  jti: text,
  iat: z.int(),
  exp: z.int(),
  repository_id: number,
  repository_owner_id: number,
  event_name: text,
  ref: text,
  ref_protected: z.enum(["true", "false"]).optional(),
  environment: text.optional(),
  repository: text.optional(),
  workflow_ref: text.optional(),
});

export interface RunClaims {
  readonly run: Run;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Reads the claims of a token whose signature has been verified. @returns the name of a claim that is not as it must be */
export function readRunClaims(payload: JWTPayload): RunClaims | string {
  const result = claims.safeParse(payload);
  if (!result.success) return String(result.error.issues[0]?.path[0]);
  const { data } = result;
  return {
    run: {
      organization: data.repository_owner_id,
      repository: data.repository_id,
      event: data.event_name,
      ref: data.ref,
      refProtected: data.ref_protected === "true",
      environment: data.environment,
      workflow: workflowOf(data),
    },
    id: data.jti,
    issuedAt: data.iat * 1000,
    expiresAt: data.exp * 1000,
  };
}

const FOLDER = "/.github/workflows/";

/**
 * The file that the run began with, from `OWNER/REPO/.github/workflows/FILE@REF`. Only of the run's own repository, which
 * the same token names, and as the file is on the run's own ref: an organization can have workflows of one repository run
 * for others, and whoever writes there would choose what a file is called. A reusable workflow is not meant: it is in
 * `job_workflow_ref`, and runs on behalf of this one.
 */
function workflowOf({ repository, ref, workflow_ref: from }: z.infer<typeof claims>): string | undefined {
  const [start, end] = [`${repository}${FOLDER}`, `@${ref}`];
  if (repository === undefined || from?.startsWith(start) !== true || !from.endsWith(end)) return undefined;
  const file = from.slice(start.length, -end.length);
  return /^[^/]+\.ya?ml$/.test(file) ? file : undefined;
}
