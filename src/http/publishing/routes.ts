import type { Handler } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import { burnToken, revoke } from "./end.ts";
import { mintToken } from "./mint.ts";

/** Trusted publishing, at the paths that upload tools ask on the host they upload to. */
export function publishingRoutes(service: HttpService): readonly (readonly [route: string, handler: Handler])[] {
  const mint = mintToken(service);
  return [
    ["POST /_/oidc/mint-token", mint],
    // Old versions of gh-action-pypi-publish know no other.
    ["POST /_/oidc/github/mint-token", mint],
    ["POST /_/oidc/burn-token", burnToken(service)],
    ["POST /revoke", revoke(service)],
  ];
}
