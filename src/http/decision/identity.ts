import type { OrganizationId } from "../../domain/facts.ts";
import type { InstallationIdentity, TokenCheck, TokenIdentity, VerifyToken, WorkloadIdentity } from "../service.ts";
import type { Credentials } from "./credentials.ts";

/** What a check of credentials comes to. */
export type Identity =
  | { readonly status: "nobody" }
  | { readonly status: "user"; readonly identity: TokenIdentity }
  | { readonly status: "workload"; readonly identity: WorkloadIdentity }
  | { readonly status: "installation"; readonly identity: InstallationIdentity }
  | { readonly status: "refused"; readonly reason: "invalid-token" | "username-mismatch"; readonly message: string }
  | { readonly status: "unverifiable"; readonly lastKnown?: TokenIdentity };

const NOBODY: Identity = { status: "nobody" };
const INVALID = {
  status: "refused",
  reason: "invalid-token",
  message: "the token is not valid: it is expired, revoked, or not one that GitHub knows; make another at GitHub",
} as const;
export const MISMATCH: Identity = {
  status: "refused",
  reason: "username-mismatch",
  message:
    "the user name and the token do not belong together: use the login of the token's owner, or __token__, as user name",
};
const UNVERIFIABLE: Identity = { status: "unverifiable" };

/**
 * Finds out who holds the credentials, as far as one organization goes. Answers at once when the token is already known.
 */
export function identify(
  credentials: Credentials,
  verifyToken: VerifyToken,
  client: string,
  organization: OrganizationId | undefined,
): Identity | Promise<Identity> {
  if (credentials.kind === "none") return NOBODY;
  const { token, login } = credentials;
  const check = verifyToken(token, client, organization);
  return check instanceof Promise ? check.then((result) => judge(result, login)) : judge(check, login);
}

function judge(check: TokenCheck, login: string | undefined): Identity {
  if (check.status === "unverifiable") {
    const { lastKnown } = check;
    if (lastKnown === undefined) return UNVERIFIABLE;
    if (login !== undefined && !sameLogin(login, lastKnown.login)) return UNVERIFIABLE;
    return { status: "unverifiable", lastKnown };
  }
  if (check.status === "inactive") {
    return check.problem === undefined ? INVALID : { ...INVALID, message: `the token ${check.problem}` };
  }
  // Neither has a login that could go with the token.
  if (check.status === "workload" || check.status === "installation") return login === undefined ? check : MISMATCH;
  if (login !== undefined && !sameLogin(login, check.identity.login)) return MISMATCH;
  return { status: "user", identity: check.identity };
}

/** Letter case aside, and ASCII only: "K" (U+212A) is no spelling of "k". */
export function sameLogin(given: string, login: string): boolean {
  return (
    given === login ||
    (given.length === login.length && /^[!-~]+$/.test(given) && given.toLowerCase() === login.toLowerCase())
  );
}
