import type { Config } from "../config.ts";
import type { OrganizationId } from "../domain/facts.ts";
import { createAppClient } from "../github/identity/app-client.ts";
import type { Introduction, IntroductionsOptions } from "../github/identity/introductions.ts";
import { createIntroductions } from "../github/identity/introductions.ts";
import type { Exchanged, Login } from "../http/service.ts";
import { createAllotment } from "../tokens/allotment.ts";
import { LIFE_MS } from "../tokens/life.ts";
import type { OurTokens } from "./our-tokens.ts";

export interface LoginOptions extends Pick<IntroductionsOptions, "fetch" | "now"> {
  /** Whether an organization is served; `undefined`: that is not known yet. */
  readonly serves: (organization: OrganizationId) => boolean | undefined;
  readonly warn: (sentence: string) => void;
}

/** A person has a few machines. */
const MOST_LOGINS = 20;

/** Tokens of ours for people. @returns `undefined`: without its OAuth client the App cannot tell who they are */
export function createLogin(
  { github: { apiUrl, webUrl }, oauth }: Pick<Config, "github" | "oauth">,
  { mint }: Pick<OurTokens, "mint">,
  { serves, warn, ...options }: LoginOptions,
): Login | undefined {
  if (oauth === undefined) return undefined;
  const client = createAppClient({ apiUrl, fetch: options.fetch }, oauth);
  const introductions = createIntroductions({ ...options, apiUrl, client });
  const allotment = createAllotment({ now: options.now, most: MOST_LOGINS, lifeMs: LIFE_MS.user });

  const mintFor = async ({
    user,
    organizations,
    checkedAt,
  }: Extract<Introduction, { status: "known" }>): Promise<Exchanged> => {
    const served = organizations.filter((id) => serves(id) !== false);
    if (served.length === 0)
      return { status: "refused", code: "no-organization", problem: noOrganization(user.login, webUrl) };
    const next = allotment.take(user.id);
    if (next !== undefined) return { status: "refused", code: "too-many-tokens", problem: tooMany(user.login, next) };
    const bound = { kind: "user", user: user.id, login: user.login, organizations: served } as const;
    // Consent may have been taken back while GitHub was being asked.
    const { token, minted } = await mint.mint(bound, checkedAt);
    return { status: "minted", token, expiresAt: minted.expiresAt, user: user.id };
  };

  return {
    clientId: oauth.clientId,
    deviceAuthorizationEndpoint: `${webUrl}/login/device/code`,
    tokenEndpoint: `${webUrl}/login/oauth/access_token`,
    exchange: async (token) => {
      const heard = await introductions.hear(token);
      if (heard.status === "refused")
        return { status: "refused", code: "invalid-token", problem: `the token ${heard.problem}` };
      if (heard.status !== "known") return heard;
      const exchanged = await mintFor(heard);
      // It has served its purpose, whatever came of it.
      if (!(await introductions.end(token))) {
        warn(`GitHub's own token of the login of user ${heard.user.id} could not be ended; it ends by itself.`);
      }
      return exchanged;
    },
  };
}

function noOrganization(login: string, webUrl: string): string {
  return (
    `GitHub shows this App no organization of ${login}'s that is served here: become a member; where SAML SSO is ` +
    `enforced, open ${webUrl}/orgs/ORGANIZATION/sso, revoke the App at ${webUrl}/settings/apps/authorizations, ` +
    "and log in again"
  );
}

function tooMany(login: string, next: number): string {
  return `${login} has logged in too often: there is room for one more login at ${new Date(next).toISOString()}`;
}
