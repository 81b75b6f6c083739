import type { Config } from "../../config.ts";
import { type Finding, ok } from "../../github/doctor/finding.ts";
import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { beginDeviceFlow } from "../login/device-flow.ts";

/**
 * Can people log in? Asks for a code that nobody will enter, because GitHub tells by no other way whether the App's
 * device flow is enabled. Nothing is found where the App's OAuth client is not configured: then nobody shall.
 */
export async function checkLogin(io: Io, { oauth, github }: Pick<Config, "oauth" | "github">): Promise<Finding[]> {
  if (oauth === undefined) return [];
  try {
    await beginDeviceFlow(io, {
      client_id: oauth.clientId,
      device_authorization_endpoint: `${github.webUrl}/login/device/code`,
      token_endpoint: `${github.webUrl}/login/oauth/access_token`,
    });
    return [ok("login", "the App's device flow is enabled")];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // The sentence has its fix; and everything but packgate login works.
    return [{ status: "warn", check: "login", message: error.message }];
  }
}
