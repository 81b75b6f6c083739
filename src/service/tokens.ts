import type { Config } from "../config.ts";
import type { OrganizationId, UserId } from "../domain/facts.ts";
import { createRunVerifier } from "../github/identity/actions/verify-run.ts";
import { createBreaker } from "../github/identity/breaker.ts";
import { createFailureBudget } from "../github/identity/failure-budget.ts";
import { createGitHubSight, createGitHubUser } from "../github/identity/github-user.ts";
import type { TokenCheck as Checked } from "../github/identity/identity.ts";
import { createSights } from "../github/identity/sights.ts";
import { isRunToken } from "../github/identity/token-format.ts";
import type { TokenVerifierOptions } from "../github/identity/verify-token.ts";
import { createTokenVerifier } from "../github/identity/verify-token.ts";
import type { Login, Publishing, TokenCheck, TokenIdentity, VerifyToken } from "../http/service.ts";
import type { Minted, UserBound } from "../tokens/claims.ts";
import { createLogin } from "./login.ts";
import type { OurTokens, OurTokensOptions } from "./our-tokens.ts";
import { openOurTokens } from "./our-tokens.ts";
import { createPublishing } from "./publishing.ts";

export interface TokensOptions extends Pick<TokenVerifierOptions, "now">, OurTokensOptions {
  /** How a check ended, for the metric. */
  readonly onCheck: (result: string) => void;
  /** For GitHub, whose calls are counted. */
  readonly fetch: typeof fetch;
  /** For the issuers of workflow runs' tokens, which are not GitHub's API. */
  readonly fetchKeys: typeof fetch;
  /** Whether an organization is served; `undefined`: that is not known yet. */
  readonly serves: (organization: OrganizationId) => boolean | undefined;
  /** What somebody is called now, as far as these organizations know. */
  readonly loginOf: (user: UserId, organizations: readonly OrganizationId[]) => string | undefined;
}

/** Everything that tells whose a token is. */
export interface Tokens {
  readonly verify: VerifyToken;
  readonly publishing: Publishing;
  readonly login: Login | undefined;
  readonly forgetUser: ReturnType<typeof createTokenVerifier>["forgetUser"];
  /** Ends what somebody got by logging in up to a moment, in epoch milliseconds. */
  readonly endLogins: (user: UserId, until: number) => void;
  /** Forgets whatever GitHub said, and ends all logins: nobody knows who has withdrawn their consent to the App. */
  readonly forgetAll: () => void;
  /** Whether all that was ended and used up is so after a restart, too; what could not be kept is tried again. */
  readonly kept: () => Promise<boolean>;
  /** A sentence for each thing that a restart would forget and must not. */
  readonly problems: () => readonly string[];
}

const INACTIVE: TokenCheck = {
  status: "inactive",
  reason: "refused",
  problem: "has ended, or was made for somewhere else: run `packgate login` again, or let the job mint another",
};
const NOT_SERVED: TokenCheck = { status: "unverifiable", reason: "organization" };

/** Checks users' tokens with GitHub, within what a GitHub in trouble and a guessing caller may cost; all others by themselves. */
export async function createTokens(config: Config, options: TokensOptions): Promise<Tokens> {
  const { fetch, fetchKeys, now, onCheck, serves } = options;
  const { github, oauth, tokenTtlMs, maxStalenessMs, oidcIssuers: issuers, oidcAudience: audience } = config;
  const { apiUrl } = github;
  // One GitHub, and one purse: whatever indexes ask about tokens counts together. Those who log in have their own.
  const breaker = createBreaker({ now });
  const budget = createFailureBudget({ now });
  const verifier = createTokenVerifier({
    ask: createGitHubUser({ apiUrl, fetch, now, oauth }),
    breaker,
    budget,
    now,
    ttlMs: tokenTtlMs,
    graceMs: maxStalenessMs,
    onCheck,
  });
  const sights = createSights({
    ask: createGitHubSight({ apiUrl, fetch, now }),
    breaker,
    budget,
    now,
    ttlMs: tokenTtlMs,
  });
  const verifyRun = createRunVerifier({ issuers, audience, fetch: fetchKeys, now, serves });
  const ours = await openOurTokens(config, options);
  const { mint, revocations, exchanges, problems } = ours;

  const asCheck = (minted: Minted | undefined, organization: OrganizationId | undefined): TokenCheck => {
    if (minted === undefined) return INACTIVE;
    if (minted.kind === "run")
      return { status: "workload", identity: { ...minted, issuer: ours.issuer, clientId: CLIENT_ID } };
    if (organization === undefined) return NOT_SERVED;
    // Made for other organizations, it is none here.
    if (!minted.organizations.includes(organization)) return INACTIVE;
    return { status: "active", identity: personBy(minted, ours, options) };
  };
  const told = <T extends TokenCheck>(check: T): T => {
    onCheck(check.status === "inactive" || check.status === "unverifiable" ? check.reason : "active");
    return check;
  };

  return {
    verify: (token, client, organization) => {
      if (token.startsWith("pgt_")) {
        const found = mint.verify(token);
        return found instanceof Promise
          ? found.then((late) => told(asCheck(late, organization)))
          : told(asCheck(found, organization));
      }
      if (!isRunToken(token)) {
        const sees: TokenIdentity["sees"] = (repository) => sights.sees(token, client, repository);
        const found = verifier.verify(token, client);
        return found instanceof Promise ? found.then((late) => withSight(late, sees)) : withSight(found, sees);
      }
      const check = verifyRun(token);
      return check instanceof Promise ? check.then(told) : told(check);
    },
    publishing: createPublishing(config, ours, verifyRun),
    login: createLogin(config, ours, options),
    endLogins: (user, until) => void revocations.endUser(user, until),
    kept: async () => (await Promise.all([revocations.kept(), exchanges.kept()])).every(Boolean),
    problems,
    forgetUser: (id) => {
      verifier.forgetUser(id);
      // Whose tokens they were is not noted with them; this is rare, and costs one call for each that comes again.
      sights.forgetAll();
    },
    forgetAll: () => {
      verifier.forgetAll();
      sights.forgetAll();
      void revocations.endAll("user", now());
    },
  };
}

/** Whoever logged in: what their token was made for, under the name that they have now. */
function personBy(
  { id, user, login, organizations, issuedAt, expiresAt }: Minted<UserBound>,
  { issuer }: Pick<OurTokens, "issuer">,
  { loginOf }: Pick<TokensOptions, "loginOf">,
): TokenIdentity {
  return {
    id: user,
    login: loginOf(user, organizations) ?? login,
    kind: "login",
    clientId: CLIENT_ID,
    own: { id, issuer },
    checkedAt: issuedAt,
    expiresAt,
    // GitHub authorizes an App's tokens for SSO by themselves, so that it showed the App there is the proof.
    sees: ({ organization }) => (organizations.includes(organization) ? "visible" : "hidden"),
  };
}

/** The client of tokens that we made ourselves. */
const CLIENT_ID = "packgate";

/** Adds what only the token itself can answer; it is kept no longer than the request. */
function withSight(check: Checked, sees: TokenIdentity["sees"]): TokenCheck {
  if (check.status === "active") {
    // Not spread: Node 20 takes microseconds for what is frozen.
    const { id, login, kind, clientId, checkedAt, expiresAt } = check.identity;
    return { status: "active", identity: { id, login, kind, clientId, checkedAt, expiresAt, sees } };
  }
  if (check.status !== "unverifiable") return check;
  const { lastKnown, ...rest } = check;
  return lastKnown === undefined ? rest : { ...rest, lastKnown: { ...lastKnown, sees } };
}
