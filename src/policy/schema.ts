import * as z from "zod";
import { parseAction } from "../domain/roles.ts";
import { quoted } from "../text/excerpt.ts";
import { readEnvironment, readExpression, readManifestGlob, readRefGlob, readRepositoryGlob } from "./globs.ts";
import { readPackage, readPattern, readRepository, readRole } from "./names.ts";
import { readPrincipal } from "./principals.ts";
import { publishers } from "./publishers.ts";
import type { Read } from "./shapes.ts";
import { entries, expected, listOf, oneOf, table, textOf } from "./shapes.ts";
import { permissions } from "./words.ts";

/** The whole grammar of `packgate.toml`, section by section. What a section leaves out is as by default. */

const MAX_LABEL = 60;

const readLabel: Read<string> = (text) =>
  text.trim() !== "" && text.length <= MAX_LABEL && !/[\p{Cc}\p{Cf}]/u.test(text)
    ? { value: text.trim() }
    : { fault: `has ${quoted(text)}, and people read labels; write 1 to ${MAX_LABEL} characters on one line` };

/** The name of an index client, as PACKGATE_INDEX_CLIENTS has it. What is none may be a secret, and is not quoted. */
const readClient: Read<string> = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)
    ? { value: text }
    : {
        fault: "has what is no index client's name; write one from PACKGATE_INDEX_CLIENTS, without its secret",
      };

const role = table(
  { permissions: permissions.optional(), label: textOf("a string", 'label = "Release manager"', readLabel).optional() },
  "[roles.maintain]",
);

const repositoryGlobs = (example: string, least: 0 | 1) =>
  listOf(textOf("a string", example, readRepositoryGlob), example, least);

const repositories = table(
  {
    include: repositoryGlobs('include = ["*"]', 1).optional(),
    exclude: repositoryGlobs('exclude = ["sandbox-*"]', 0).optional(),
    pattern: textOf("a string", 'pattern = ".*"', readExpression).optional(),
    manifests: listOf(
      textOf("a string", 'manifests = ["pyproject.toml"]', readManifestGlob),
      'manifests = ["pyproject.toml"]',
    ).optional(),
    archived: oneOf(["read", "none"]).optional(),
  },
  "[repositories]",
);

const MOST_DAYS = 36_500;
const aTime = expected(`a number from 0 to ${MOST_DAYS}`, "retire_days = 90");

const names = table(
  {
    claim: oneOf(["first", "pinned"]).optional(),
    reserved: entries(
      readPattern,
      repositoryGlobs('"acme-*" = ["acme-core"]', 0),
      'reserved = { "acme-*" = ["acme-core"] }',
    ).optional(),
    retire_days: z.number(aTime).min(0, aTime).max(MOST_DAYS, aTime).optional(),
  },
  "[names]",
);

const pin = table({ repository: textOf("a string", 'repository = "core"', readRepository) }, "[packages.acme-core]");

const read = table(
  {
    public_repositories: oneOf(["members", "everyone"]).optional(),
    unclaimed: oneOf(["nobody", "members", "everyone"]).optional(),
  },
  "[read]",
);

const proof = oneOf(["identity", "repository"]).optional();
const tokens = table(
  {
    proof: table(
      { read: proof, upload: proof, yank: proof, delete: proof, manage: proof },
      'proof = { upload = "repository" }',
      parseAction,
    ).optional(),
  },
  "[tokens]",
);

const VISIBILITIES = ["public", "internal", "private"] as const;
const some = (example: string, reading: Read<string>) => listOf(textOf("a string", example, reading), example);

const rule = table(
  {
    who: listOf(textOf("a string", 'who = ["members"]', readPrincipal), 'who = ["members"]'),
    packages: some('packages = ["acme-*"]', readPattern),
    indexes: some('indexes = ["staging"]', readClient).optional(),
    permissions: permissions.refine((mask) => mask !== 0, {
      error: 'has nothing in it, so the rule says nothing; write permissions = "r"',
    }),
    effect: oneOf(["allow", "deny"]),
    when: table(
      {
        visibility: listOf(oneOf(VISIBILITIES), 'visibility = ["private"]').optional(),
        environment: some('environment = ["release"]', readEnvironment).optional(),
        ref: some('ref = ["refs/tags/*"]', readRefGlob).optional(),
      },
      'when = { visibility = ["private"] }',
    ).optional(),
  },
  "[[rules]]",
);

/** To add a section, add a row, what becomes of it in `build.ts`, and its part of docs/policy.md. */
export const POLICY_FILE = table(
  {
    version: z.literal(1, expected("1", "version = 1")),
    roles: entries(readRole, role, "[roles.maintain]").optional(),
    repositories: repositories.optional(),
    names: names.optional(),
    packages: entries(readPackage, pin, "[packages.acme-core]").optional(),
    read: read.optional(),
    tokens: tokens.optional(),
    publishers: publishers.optional(),
    rules: z.array(rule, expected("an array of tables", "[[rules]]")).optional(),
  },
  "version = 1",
);

export type PolicyFile = z.infer<typeof POLICY_FILE>;
