import * as z from "zod";

/** Trusted publishing as clients of PyPI know it (warehouse, oidc/views.py), and what else OAuth's clients look for. */

export const PublishingRequest = z
  .object({ token: z.string().min(1).meta({ description: "The run's own token, or one of ours to be burnt" }) })
  .meta({ id: "PublishingRequest" });

export const AudienceReply = z.object({ audience: z.string() }).meta({ id: "AudienceReply" });

export const MintReply = z
  .object({
    success: z.literal(true),
    token: z.string().meta({ description: "Begins with pgt_; the password for the user name __token__" }),
    expires: z.int().meta({ description: "Seconds since 1970" }),
  })
  .meta({ id: "MintReply" });
export type MintReply = z.infer<typeof MintReply>;

export const MINT_PROBLEMS = ["invalid-payload", "invalid-token", "invalid-publisher", "unavailable"] as const;

export const MintRefusal = z
  .object({
    error: z.enum(MINT_PROBLEMS),
    message: z.literal("Token request failed"),
    errors: z.array(z.object({ code: z.enum(MINT_PROBLEMS), description: z.string() })),
  })
  .meta({ id: "MintRefusal" });
export type MintRefusal = z.infer<typeof MintRefusal>;

export const BurnReply = z.object({ status: z.literal("accepted") }).meta({ id: "BurnReply" });

export const RevokeRequest = z
  .object({ token: z.string(), token_type_hint: z.string().optional() })
  .meta({ id: "RevokeRequest" });

export const MetadataReply = z
  .object({
    issuer: z.string(),
    response_types_supported: z.array(z.string()),
    grant_types_supported: z.array(z.string()),
    introspection_endpoint: z.string(),
    introspection_endpoint_auth_methods_supported: z.array(z.string()).readonly(),
    revocation_endpoint: z.string(),
    revocation_endpoint_auth_methods_supported: z.array(z.string()).readonly(),
    service_documentation: z.string(),
  })
  .meta({ id: "MetadataReply" });
export type MetadataReply = z.infer<typeof MetadataReply>;
