import { Failure } from "../failure.ts";

/** An error of the device flow, in GitHub's words. */
export type LoginError = string;

const AGAIN = "run packgate login again";
const EXPIRED = `the code has expired before it was entered; ${AGAIN}`;
const UNKNOWN_APP = "GitHub knows no App by the client id of this index; its operator corrects GITHUB_CLIENT_ID";

/**
 * What each one means, and what to do
 * (RFC 8628, section 3.5; https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps).
 */
const SENTENCES: ReadonlyMap<LoginError, string> = new Map([
  ["expired_token", EXPIRED],
  ["token_expired", EXPIRED],
  ["access_denied", `the login was cancelled at GitHub; ${AGAIN} and choose Authorize`],
  [
    "device_flow_disabled",
    'the GitHub App of this index lets nobody log in; its owner ticks "Enable Device Flow" in the App\'s settings at GitHub',
  ],
  ["incorrect_client_credentials", UNKNOWN_APP],
  ["Not Found", UNKNOWN_APP],
  ["incorrect_device_code", `GitHub does not know the code any more; ${AGAIN}`],
  [
    "unsupported_grant_type",
    "GitHub does not offer the device flow here; update GitHub Enterprise Server, or packgate",
  ],
]);

/** @param error `undefined`: GitHub gave no reason that can be read */
export function failureOf(error: LoginError | undefined): Failure {
  if (error === undefined) return new Failure(`GitHub answers the login in an unexpected form; ${AGAIN}`);
  return new Failure(SENTENCES.get(error) ?? `GitHub refuses the login (${error}); ${AGAIN}`);
}
