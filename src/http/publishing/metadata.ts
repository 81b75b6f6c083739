import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { MetadataReply } from "../contract/publishing.ts";
import type { HttpService } from "../service.ts";

const CLIENT_AUTHENTICATION = ["client_secret_basic"] as const;

/**
 * `GET /.well-known/oauth-authorization-server` (RFC 8414). There is no authorization endpoint and no token endpoint:
 * tokens are had by trusted publishing, which RFC 8414 has no name for.
 */
export function metadata({ publishing: { issuer } }: HttpService): Handler {
  const reply: MetadataReply = {
    issuer,
    response_types_supported: [],
    grant_types_supported: [],
    introspection_endpoint: `${issuer}/introspect`,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    revocation_endpoint: `${issuer}/revoke`,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    service_documentation: `${issuer}/openapi.json`,
  };
  const body = JSON.stringify(reply);
  return (exchange) => send(exchange, 200, body);
}

/** `GET /_/oidc/audience`: what a run asks GitHub for before it comes to us. */
export function audience({ publishing }: HttpService): Handler {
  const body = JSON.stringify({ audience: publishing.audience });
  return (exchange) => send(exchange, 200, body);
}
