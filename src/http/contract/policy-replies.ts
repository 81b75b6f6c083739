import * as z from "zod";
import { Permission, Person } from "./replies.ts";

/** What we send of the policy. */

const count = z.int().nonnegative();

export const RolesReply = z
  .object({
    org: z.string(),
    roles: z
      .array(
        z.object({
          name: z.string(),
          label: z.string().meta({ description: "What a person reads", example: "Release manager" }),
          permissions: z.array(Permission).readonly(),
          source: z.string().meta({
            description: "`default`, the role that a custom role is built on, or the line of the policy that says so",
            example: "packgate.toml:3",
          }),
        }),
      )
      .readonly()
      .meta({ description: "GitHub's roles, weakest first, then custom ones by name" }),
  })
  .meta({ id: "RolesReply" });
export type RolesReply = z.infer<typeof RolesReply>;

const PolicyFault = z
  .object({
    path: z.string(),
    message: z.string(),
    line: count,
    column: count,
    codeblock: z.string().meta({ description: "The lines at fault, with a caret" }),
  })
  .meta({ id: "PolicyFault" });

export const PolicyCheckReply = z
  .union([
    z.object({ org: z.string(), valid: z.literal(false), faults: z.array(PolicyFault).readonly() }),
    z.object({
      org: z.string(),
      valid: z.literal(true),
      index: z.string().meta({ description: "The index client for which the two policies were compared" }),
      gained: count,
      lost: count,
      unknown: count.meta({ description: "For how many questions an answer is not known" }),
      changes: z
        .array(
          z.object({
            user: Person.nullable().meta({ description: "`null`: everybody, without credentials" }),
            package: z.string(),
            action: Permission,
            effect: z.enum(["gains", "loses"]),
          }),
        )
        .readonly(),
      omitted: count.meta({ description: "How many more changes there are than listed" }),
      publishers: z
        .array(z.object({ repository: z.string(), before: z.string(), after: z.string() }))
        .readonly()
        .meta({ description: "The repositories of whose workflows' runs others may publish, and which" }),
      publishersOmitted: count,
      unforeseen: z
        .array(z.string())
        .readonly()
        .meta({ description: "What else differs, and shows its effect only when it is in force" }),
      strangers: z
        .array(z.string())
        .readonly()
        .meta({ description: "Sentences about names in the policy that nobody has" }),
    }),
  ])
  .meta({ id: "PolicyCheckReply" });
export type PolicyCheckReply = z.infer<typeof PolicyCheckReply>;
