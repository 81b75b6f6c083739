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
export const LOGIN_PROBLEMS = [
  "invalid-payload",
  "invalid-token",
  "no-organization",
  "too-many-tokens",
  "unavailable",
] as const;

/** In the shape that upload tools know from PyPI. */
function refusalOf<const T extends readonly string[]>(problems: T) {
  return z.object({
    error: z.enum(problems),
    message: z.literal("Token request failed"),
    errors: z.array(z.object({ code: z.enum(problems), description: z.string() })),
  });
}

export const MintRefusal = refusalOf(MINT_PROBLEMS).meta({ id: "MintRefusal" });
export type MintRefusal = z.infer<typeof MintRefusal>;

export const LoginReply = z
  .object({
    client_id: z.string().meta({ description: "The client id of our GitHub App" }),
    device_authorization_endpoint: z.string().meta({ description: "GitHub's (RFC 8628)" }),
    token_endpoint: z.string().meta({ description: "GitHub's (RFC 8628)" }),
  })
  .meta({ id: "LoginReply" });
export type LoginReply = z.infer<typeof LoginReply>;

export const LoginRequest = z
  .object({ token: z.string().min(1).meta({ description: "What GitHub's device flow gave for our App; it ends" }) })
  .meta({ id: "LoginRequest" });

export const LoginRefusal = refusalOf(LOGIN_PROBLEMS).meta({ id: "LoginRefusal" });
export type LoginRefusal = z.infer<typeof LoginRefusal>;

export const BurnReply = z
  .object({ status: z.literal("accepted"), problem: z.string().optional() })
  .meta({ id: "BurnReply" });
export type BurnReply = z.infer<typeof BurnReply>;

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
