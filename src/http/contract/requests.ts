import * as z from "zod";
import { ECOSYSTEMS } from "../../domain/package-name.ts";

/** What callers send. The same schemas refuse faults and describe us in OpenAPI. */

const org = z.string().optional().meta({ description: "Login of the organization; needed where several are served" });

export const AuthorizeRequest = z
  .object({
    package: z.string().meta({ description: "Project name in any spelling", example: "acme-core" }),
    action: z.string().meta({ description: "A permission, or one of its aliases", example: "upload" }),
    credentials: z
      .object({ username: z.string().optional(), password: z.string().optional() })
      .optional()
      .meta({ description: "The end user's name and password as the index received them" }),
    token: z.string().optional().meta({ description: "The end user's token by itself" }),
    user: z
      .union([z.string().min(1), z.int().positive()])
      .optional()
      .meta({
        description: "Login or numeric id of a user whom the index has authenticated itself",
        example: "alice",
      }),
    ecosystem: z.enum(ECOSYSTEMS).optional(),
    org,
    minAsOf: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: "Answer only from facts confirmed at this time or later" }),
    explain: z.boolean().optional().meta({ description: "Also list every path that grants the permission" }),
  })
  .meta({ id: "AuthorizeRequest" });

export type AuthorizeRequest = z.infer<typeof AuthorizeRequest>;

export const IntrospectRequest = z
  .object({
    token: z.string(),
    token_type_hint: z.string().optional(),
    package: z.string().optional().meta({ description: "Lists the permissions on this package only" }),
    org,
  })
  .meta({ id: "IntrospectRequest" });

export const PolicyCheckRequest = z
  .object({ policy: z.string().meta({ description: "The text of a packgate.toml that is not in force" }), org })
  .meta({ id: "PolicyCheckRequest" });

export const ClaimsQuery = z.object({ org });
export const RolesQuery = z.object({ org });
export const WhoCanQuery = z.object({ package: z.string(), action: z.string(), org });
export const WhatCanQuery = z.object({ user: z.string().meta({ description: "Login or numeric id" }), org });
