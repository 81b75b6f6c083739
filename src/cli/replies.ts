import { z } from "zod";

/** What a running Packgate answers. Loose, so that a newer server may say more. */

const USER = z.looseObject({ id: z.number(), login: z.string() });
const TIME = z.iso.datetime();
/** Of how many nobody can say yet whether they belong in the list. */
const UNKNOWN = z.number().nullish();

/** Every error body. */
export const REFUSAL = z.looseObject({ error: z.string(), message: z.string() });

const EVIDENCE = z.looseObject({
  kind: z.string(),
  role: z.string().nullish(),
  /** Of an organization role. */
  name: z.string().nullish(),
  team: z.string().nullish(),
  via: z.array(z.string()).readonly().nullish(),
  viaOmitted: z.number().nullish(),
  label: z.string().nullish(),
  rule: z.string().nullish(),
  effect: z.string().nullish(),
});
export type EvidenceReply = z.infer<typeof EVIDENCE>;

/** `POST /authorize`. */
export const DECISION = z.looseObject({
  decision: z.enum(["allow", "deny", "unknown"]),
  reason: z.string(),
  message: z.string(),
  repository: z.string().nullish(),
  role: z.string().nullish(),
  asOf: TIME.nullish(),
  revision: z.number().nullish(),
  evidence: z.array(EVIDENCE).readonly().nullish(),
  evidenceOmitted: z.number().nullish(),
});
export type DecisionReply = z.infer<typeof DECISION>;

/** `GET /who-can`. */
export const WHO_CAN = z.looseObject({
  org: z.string(),
  package: z.string(),
  action: z.string(),
  users: z.array(USER.extend({ role: z.string().nullish(), reason: z.string(), member: z.boolean() })),
  unknown: UNKNOWN,
});

/** `GET /what-can`. */
export const ROLES = z.looseObject({
  org: z.string(),
  roles: z.array(
    z.looseObject({
      name: z.string(),
      label: z.string(),
      permissions: z.array(z.string()).readonly(),
      source: z.string(),
    }),
  ),
});

export const POLICY_CHECK = z.looseObject({
  org: z.string(),
  index: z.string(),
  gained: z.number(),
  lost: z.number(),
  unknown: z.number(),
  changes: z.array(
    z.looseObject({
      user: z.looseObject({ login: z.string() }).nullable(),
      package: z.string(),
      action: z.string(),
      effect: z.enum(["gains", "loses"]),
    }),
  ),
  omitted: z.number(),
  publishers: z.array(z.looseObject({ repository: z.string(), before: z.string(), after: z.string() })).default([]),
  publishersOmitted: z.number().default(0),
  unforeseen: z.array(z.string()),
  strangers: z.array(z.string()).default([]),
});
export type PolicyCheckReply = z.infer<typeof POLICY_CHECK>;

export const WHAT_CAN = z.looseObject({
  org: z.string(),
  user: USER,
  packages: z.array(
    z.looseObject({
      name: z.string(),
      repository: z.string().nullable(),
      permissions: z.array(z.string()).readonly(),
      role: z.string().nullish(),
      reason: z.string(),
    }),
  ),
  unknown: UNKNOWN,
});

const STAKE = z.looseObject({ repository: z.string(), path: z.string() });

const CLAIM = z.looseObject({
  name: z.string(),
  status: z.enum(["pinned", "held", "contested", "retired", "unbound"]),
  repository: z.string(),
  path: z.string().nullish(),
  since: TIME,
  rivals: z.array(STAKE).readonly().nullish(),
  pin: z.string().nullish(),
});
export type ClaimReply = z.infer<typeof CLAIM>;

const PROBLEM = z.looseObject({
  repository: z.string(),
  path: z.string(),
  message: z.string(),
  line: z.number().nullish(),
  column: z.number().nullish(),
  codeblock: z.string().nullish(),
  /** What the repository holds until its manifests can be read. */
  names: z.array(z.string()).readonly().nullish(),
});
export type ProblemReply = z.infer<typeof PROBLEM>;

/** `GET /claims`. */
export const CLAIMS = z.looseObject({
  org: z.string(),
  claims: z.array(CLAIM),
  /** Names that are easily taken for each other. */
  lookAlikes: z.array(z.array(z.string()).readonly()).readonly().nullish(),
  problems: z.array(PROBLEM),
});
export type ClaimsReply = z.infer<typeof CLAIMS>;

const ORGANIZATION = z.looseObject({
  login: z.string(),
  synced: z.boolean(),
  asOf: TIME.nullish(),
  revision: z.number(),
  packages: z.number(),
  repositories: z.number(),
  members: z.number(),
  /** Seconds. */
  lag: z.number().nullish(),
  /** Seconds. */
  staleBound: z.number().nullish(),
  readsOnly: z.boolean().nullish(),
  queued: z.number().nullish(),
  /** From 0 to 1. */
  budget: z.number().nullish(),
  drift: z.number().nullish(),
});
export type OrganizationReply = z.infer<typeof ORGANIZATION>;

const DELIVERIES = z.looseObject({
  lastSweepAt: TIME.nullish(),
  lastDeliveryAt: TIME.nullish(),
  failedDeliveries: z.number().nullish(),
});

/** `GET /readyz`. */
export const READINESS = z.looseObject({
  ready: z.boolean(),
  orgs: z.array(ORGANIZATION),
  deliveries: DELIVERIES.nullish(),
  problems: z.array(z.string()).readonly().nullish(),
});
export type ReadinessReply = z.infer<typeof READINESS>;
