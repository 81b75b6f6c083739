import * as z from "zod";
import { ALLOW_REASONS } from "../../domain/decide.ts";
import { PERMISSIONS } from "../../domain/roles.ts";

/** What we send. Replies are typed by these schemas, and OpenAPI is made of them. */

const AllowReason = z.enum(ALLOW_REASONS).meta({ id: "AllowReason", description: "What gives a permission" });
export const Permission = z.enum(PERMISSIONS).meta({ id: "Permission" });
export const Person = z.object({ id: z.int(), login: z.string() }).meta({ id: "Person" });

const fullName = z.string().meta({ description: "owner/name", example: "acme/core" });
const role = z.string().meta({ description: "A GitHub role or a custom repository role", example: "write" });
const time = z.iso.datetime();
const count = z.int().nonnegative();
const unknown = count.meta({
  description: "For how many candidates nobody can say yet; above 0 the list may lack some",
});

/** Reasons of a refusal, and of "unknown", beside the ways of a grant. */
const REFUSALS = [
  "missing-credentials",
  "invalid-token",
  "username-mismatch",
  "no-grant",
  "not-a-member",
  "unclaimed",
  "contested",
  "retired",
  "archived",
  "rule",
  "token-scope",
] as const;
const UNKNOWNS = ["not-synced", "stale", "unverifiable"] as const;

const Evidence = z
  .object({
    kind: AllowReason,
    name: z.string().optional().meta({ description: "The organization role" }),
    team: z.string().optional().meta({ description: "Slug of the team that was given the role" }),
    via: z.array(z.string()).readonly().optional().meta({ description: "Slugs of the child teams it is inherited by" }),
    viaOmitted: count.optional(),
    role: role.optional(),
    label: z.string().optional().meta({ description: "The policy's name for the role", example: "Release manager" }),
    rule: z.string().optional().meta({ description: "Where a rule of the policy stands", example: "packgate.toml:12" }),
    effect: z.enum(["allow", "deny"]).optional().meta({ description: "What the rule does" }),
  })
  .meta({ id: "Evidence" });

export const AuthorizeReply = z
  .object({
    decision: z.enum(["allow", "deny", "unknown"]),
    reason: z.enum([...new Set([...ALLOW_REASONS, ...REFUSALS, ...UNKNOWNS])]),
    message: z.string(),
    user: Person.nullable(),
    package: z.object({ ecosystem: z.string(), name: z.string() }),
    action: Permission,
    repository: fullName.nullable(),
    role: role.nullable().meta({ description: "The role that decided; where none did, the strongest one held" }),
    asOf: time.nullable().meta({ description: "The oldest confirmation among the facts used" }),
    revision: count,
    evidence: z
      .array(Evidence)
      .readonly()
      .optional()
      .meta({ description: "Every granting path, and the rule that allows or denies; only with explain" }),
    evidenceOmitted: count.optional().meta({ description: "How many more paths there are than listed" }),
  })
  .meta({ id: "AuthorizeReply" });
export type AuthorizeReply = z.infer<typeof AuthorizeReply>;

export const IntrospectReply = z
  .union([
    z.object({ active: z.literal(false) }),
    z.object({
      active: z.literal(true),
      sub: z.string().meta({ description: "GitHub's numeric user id, or repository:ID for a workflow run" }),
      username: z.string(),
      token_type: z.literal("Bearer"),
      iss: z.string(),
      client_id: z.string(),
      jti: z.string().optional(),
      iat: z.int(),
      exp: z.int(),
      scope: z.string().optional().meta({ example: "read:acme-core upload:acme-core" }),
      permissions: z.record(z.string(), z.array(Permission).readonly()).optional(),
      permissions_truncated: z.literal(true).optional(),
    }),
  ])
  .meta({ id: "IntrospectReply" });
export type IntrospectReply = z.infer<typeof IntrospectReply>;

const Stake = z.object({ repository: fullName, path: z.string() });

export const ClaimsReply = z
  .object({
    org: z.string(),
    claims: z.array(
      z.object({
        name: z.string(),
        status: z.enum(["pinned", "held", "contested", "retired", "unbound"]),
        repository: fullName,
        path: z.string().nullable(),
        since: time,
        rivals: z.array(Stake),
        pin: z.string().nullable().meta({ description: "The repository's name as packgate.toml has it" }),
      }),
    ),
    lookAlikes: z
      .array(z.array(z.string()).readonly())
      .meta({ description: "Names that are easily taken for each other, such as acme-utils and acme-uti1s" }),
    problems: z.array(
      Stake.extend({
        names: z.array(z.string()).meta({ description: "What the repository holds until its manifests can be read" }),
        message: z.string(),
        line: z.int().optional(),
        column: z.int().optional(),
        codeblock: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "ClaimsReply" });
export type ClaimsReply = z.infer<typeof ClaimsReply>;

export const WhoCanReply = z
  .object({
    org: z.string(),
    package: z.string(),
    action: Permission,
    users: z.array(Person.extend({ role: role.nullable(), reason: AllowReason, member: z.boolean() })),
    unknown,
  })
  .meta({ id: "WhoCanReply" });
export type WhoCanReply = z.infer<typeof WhoCanReply>;

export const WhatCanReply = z
  .object({
    org: z.string(),
    user: Person,
    packages: z.array(
      z.object({
        name: z.string(),
        repository: fullName.nullable(),
        permissions: z.array(Permission).readonly(),
        role: role.nullable(),
        reason: AllowReason,
      }),
    ),
    unknown,
  })
  .meta({ id: "WhatCanReply" });
export type WhatCanReply = z.infer<typeof WhatCanReply>;

export const ReadyReply = z
  .object({
    ready: z.boolean(),
    orgs: z.array(
      z.object({
        login: z.string(),
        synced: z.boolean(),
        asOf: time.nullable(),
        revision: count,
        packages: count,
        repositories: count,
        members: count,
        lag: z.number().meta({ description: "Seconds for which the oldest change we heard of has been waiting" }),
        staleBound: z.number().meta({ description: "No fact in use is older than so many seconds" }),
        readsOnly: z.boolean().meta({ description: "Only reads are answered until GitHub tells what has happened" }),
        queued: count.meta({ description: "Slices that wait to be read from GitHub" }),
        budget: z.number().meta({ description: "The smallest share left of GitHub's hourly limits, from 0 to 1" }),
        drift: count.meta({ description: "Slices that the resync found changed though no webhook had told" }),
      }),
    ),
    deliveries: z
      .object({ lastSweepAt: time.nullable(), lastDeliveryAt: time.nullable(), failedDeliveries: count })
      .meta({ description: "What GitHub's log of webhook deliveries shows" }),
    problems: z.array(z.string()).readonly(),
  })
  .meta({ id: "ReadyReply" });
export type ReadyReply = z.infer<typeof ReadyReply>;

export const HealthReply = z.object({ status: z.literal("ok"), version: z.string() }).meta({ id: "HealthReply" });
export const AcceptedReply = z.object({ status: z.literal("accepted") }).meta({ id: "AcceptedReply" });
export const ErrorReply = z.object({ error: z.string(), message: z.string() }).meta({ id: "ErrorReply" });
