import { sourcesOf } from "../domain/views.ts";
import { parse } from "smol-toml";
import * as z from "zod";
import { compileAccess } from "../../src/domain/access.ts";
import type { View } from "../../src/domain/decide.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { parsePolicy } from "../../src/policy/parse.ts";
import { emptyLedger, redeclare, settle } from "../../src/state/ledger.ts";
import type { Drawn, Sketch } from "../domain/facts-builder.ts";
import { draw, NOW } from "../domain/facts-builder.ts";

const names = z.array(z.string());
const githubRole = z.enum(GITHUB_ROLES);
const roles = z.record(z.string(), z.string());

const repository = z.strictObject({
  visibility: z.enum(["public", "internal", "private"]).exactOptional(),
  archived: z.boolean().exactOptional(),
  fork: z.boolean().exactOptional(),
  createdAt: z.number().exactOptional(),
  declares: names.exactOptional(),
  broken: names.exactOptional(),
  teams: roles.exactOptional(),
  collaborators: roles.exactOptional(),
  access: z.literal("unread").exactOptional(),
});

/** `WHO ACTION PACKAGE`; `nobody` gives no credentials, `workflow:NAME` is a run of a repository's workflow. */
const ask = z
  .templateLiteral([z.string(), " ", z.string(), " ", z.string()])
  .transform((text) => text.split(" "))
  .pipe(z.tuple([z.string(), z.string(), z.string()]));

const question = z.strictObject({
  ask,
  expect: z.enum(["allow", "deny", "unknown"]),
  /** A right answer for a wrong reason is luck, so every case has to say why. */
  reason: z.string().min(1),
  /** The name of the strongest role held. */
  role: z.string().optional(),
  /** The rule of the policy that decides, counted from 1. */
  rule: z.int().positive().optional(),
  /** The entry of the policy's publishers that decides, counted from 1. */
  publisher: z.int().positive().optional(),
  /** Which index client asks. */
  index: z.enum(["index-a", "index-b"]).default("index-a"),
  /** Where a workflow's run comes from. */
  workflow: z.string().optional(),
  event: z.string().optional(),
  environment: z.string().optional(),
  ref: z.string().optional(),
  /** A part of the sentence that explains it. */
  says: z.string().optional(),
});

const story = z.strictObject({
  title: z.string().min(1),
  ready: z.boolean().default(true),
  /** The text of packgate.toml; without one everything is as by default. */
  policy: z.string().optional(),
  organization: z.strictObject({
    base: z.union([githubRole, z.enum(["none", "hidden"])]).exactOptional(),
    members: names.exactOptional(),
    owners: names.exactOptional(),
  }),
  teams: z
    .record(
      z.string(),
      z.strictObject({
        parent: z.string().exactOptional(),
        members: z.union([names, z.literal("unread")]).exactOptional(),
      }),
    )
    .default({}),
  organizationRoles: z
    .record(
      z.string(),
      z.strictObject({ base: z.string().exactOptional(), users: names.exactOptional(), teams: names.exactOptional() }),
    )
    .default({}),
  customRoles: z.record(z.string(), githubRole).default({}),
  repositories: z.record(z.string(), repository),
  /** What some repositories were like before, oldest first; names are claimed and lost in this order. */
  past: z
    .array(z.strictObject({ daysAgo: z.number().positive(), repositories: z.record(z.string(), repository) }))
    .default([]),
  questions: z.array(question).min(1),
});
export type Story = z.infer<typeof story>;

/** Reads one case file; throws with the path of the fault. */
export function readStory(text: string): Story {
  return story.parse(parse(text));
}

export type Told = Pick<Drawn, "user" | "repository"> & { readonly view: View };

function policyOf(text: string | undefined): Policy {
  if (text === undefined) return DEFAULT_POLICY;
  const parsed = parsePolicy(text, "packgate.toml");
  if ("policy" in parsed) return parsed.policy;
  throw new Error(parsed.faults.map(({ line, message }) => `packgate.toml:${line}: ${message}`).join("\n"));
}

/** The organization of a story, at the moment of its questions. */
export function tell(told: Story): Told {
  const sketch: Sketch = { ...told.organization, ...told, id: 1 };
  const drawn = draw(sketch);
  const ledger = emptyLedger();
  let facts: Facts | undefined;
  for (const { daysAgo, repositories } of [...told.past, { daysAgo: 0, repositories: {} }]) {
    const before = facts;
    // Repositories that are not mentioned were as they are; the order of the names, and so the ids, stays.
    const after = draw({ ...sketch, repositories: { ...told.repositories, ...repositories } }).facts;
    for (const [id, { value }] of after.repositories) {
      redeclare(ledger, id, before?.repositories.get(id)?.value, value);
    }
    settle(ledger, after, new Set([...ledger.declared.keys(), ...ledger.claims.keys()]), NOW - daysAgo * DAY_MS);
    facts = after;
  }
  const sources = sourcesOf(drawn.facts, ledger.claims, policyOf(told.policy));
  const view: View = {
    ...sources,
    organization: { id: 1, login: "acme" },
    ready: told.ready,
    access: compileAccess(sources),
    readsOnly: false,
    freshSince: -Infinity,
    revision: 1,
  };
  return { view, user: drawn.user, repository: drawn.repository };
}

const DAY_MS = 86_400_000;
