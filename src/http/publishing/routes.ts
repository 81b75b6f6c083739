import type { Handler } from "../exchange.ts";
import { mintForPerson } from "../login/mint.ts";
import type { HttpService } from "../service.ts";
import { burnToken, revoke } from "./end.ts";
import { mintToken } from "./mint.ts";

/** How a token of ours is had and ended, at paths that upload tools ask on the host they upload to; people log in beside. */
export function publishingRoutes(service: HttpService): readonly (readonly [route: string, handler: Handler])[] {
  const mint = mintToken(service);
  return [
    ["POST /_/oidc/mint-token", mint],
    // Old versions of gh-action-pypi-publish know no other.
    ["POST /_/oidc/github/mint-token", mint],
    ["POST /_/login/mint-token", mintForPerson(service)],
    ["POST /_/oidc/burn-token", burnToken(service)],
    ["POST /revoke", revoke(service)],
  ];
}
