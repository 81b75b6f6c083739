import type { Config } from "../config.ts";
import type { OrganizationId } from "../domain/facts.ts";
import { createRunVerifier } from "../github/identity/actions/verify-run.ts";
import { createBreaker } from "../github/identity/breaker.ts";
import { createFailureBudget } from "../github/identity/failure-budget.ts";
import { createGitHubSight, createGitHubUser } from "../github/identity/github-user.ts";
import type { TokenCheck as Checked } from "../github/identity/identity.ts";
import { createSights } from "../github/identity/sights.ts";
import { isRunToken } from "../github/identity/token-format.ts";
import type { TokenVerifierOptions } from "../github/identity/verify-token.ts";
import { createTokenVerifier } from "../github/identity/verify-token.ts";
import type { Publishing, TokenCheck, TokenIdentity, VerifyToken } from "../http/service.ts";
import type { PublishingOptions } from "./publishing.ts";
import { createPublishing } from "./publishing.ts";

export interface TokensOptions extends Pick<TokenVerifierOptions, "now">, Omit<PublishingOptions, "verifyRun"> {
  /** How a check ended, for the metric. */
  readonly onCheck: (result: string) => void;
  /** For GitHub, whose calls are counted. */
  readonly fetch: typeof fetch;
  /** For the issuers of workflow runs' tokens, which are not GitHub's API. */
  readonly fetchKeys: typeof fetch;
  /** Whether an organization is served; `undefined`: that is not known yet. */
  readonly serves: (organization: OrganizationId) => boolean | undefined;
}

/** Everything that tells whose a token is. */
export interface Tokens {
  readonly verify: VerifyToken;
  readonly publishing: Publishing;
  readonly forgetUser: ReturnType<typeof createTokenVerifier>["forgetUser"];
  readonly forgetAll: () => void;
}

const INACTIVE: TokenCheck = { status: "inactive", reason: "refused" };

/** Checks users' tokens with GitHub, within what a GitHub in trouble and a guessing caller may cost; all others by themselves. */
export async function createTokens(config: Config, options: TokensOptions): Promise<Tokens> {
  const { fetch, fetchKeys, now, onCheck, serves } = options;
  const { github, oauth, tokenTtlMs, maxStalenessMs, oidcIssuers: issuers, oidcAudience: audience } = config;
  const { apiUrl } = github;
  // One GitHub, and one purse: whatever is asked about tokens counts together.
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
  const { verifyOurs, ...publishing } = await createPublishing(config, { ...options, verifyRun });

  const asCheck = (identity: Awaited<ReturnType<typeof verifyOurs>>): TokenCheck =>
    identity === undefined ? INACTIVE : { status: "workload", identity };
  const told = <T extends TokenCheck>(check: T): T => {
    onCheck(check.status === "inactive" || check.status === "unverifiable" ? check.reason : "active");
    return check;
  };

  return {
    verify: (token, client) => {
      if (token.startsWith("pgt_")) {
        const found = verifyOurs(token);
        return found instanceof Promise ? found.then((late) => told(asCheck(late))) : told(asCheck(found));
      }
      if (!isRunToken(token)) {
        const sees: TokenIdentity["sees"] = (repository) => sights.sees(token, client, repository);
        const found = verifier.verify(token, client);
        return found instanceof Promise ? found.then((late) => withSight(late, sees)) : withSight(found, sees);
      }
      const check = verifyRun(token);
      return check instanceof Promise ? check.then(told) : told(check);
    },
    publishing,
    forgetUser: (id) => {
      verifier.forgetUser(id);
      // Whose tokens they were is not noted with them; this is rare, and costs one call for each that comes again.
      sights.forgetAll();
    },
    forgetAll: () => {
      verifier.forgetAll();
      sights.forgetAll();
    },
  };
}

/** Adds what only the token itself can answer; it is kept no longer than the request. */
function withSight(check: Checked, sees: TokenIdentity["sees"]): TokenCheck {
  if (check.status === "active") return { status: "active", identity: { ...check.identity, sees } };
  if (check.status !== "unverifiable") return check;
  const { lastKnown, ...rest } = check;
  return lastKnown === undefined ? rest : { ...rest, lastKnown: { ...lastKnown, sees } };
}
