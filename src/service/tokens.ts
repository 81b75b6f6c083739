import type { Config } from "../config.ts";
import type { OrganizationId } from "../domain/facts.ts";
import { createRunVerifier } from "../github/identity/actions/verify-run.ts";
import { createBreaker } from "../github/identity/breaker.ts";
import { createFailureBudget } from "../github/identity/failure-budget.ts";
import { createGitHubUser } from "../github/identity/github-user.ts";
import { isRunToken } from "../github/identity/token-format.ts";
import type { TokenVerifierOptions } from "../github/identity/verify-token.ts";
import { createTokenVerifier } from "../github/identity/verify-token.ts";
import type { Publishing, TokenCheck, VerifyToken } from "../http/service.ts";
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
  const users = createTokenVerifier({
    ask: createGitHubUser({ apiUrl: github.apiUrl, fetch, now, oauth }),
    breaker: createBreaker({ now }),
    budget: createFailureBudget({ now }),
    now,
    ttlMs: tokenTtlMs,
    graceMs: maxStalenessMs,
    onCheck,
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
      if (!isRunToken(token)) return users.verify(token, client);
      const check = verifyRun(token);
      return check instanceof Promise ? check.then(told) : told(check);
    },
    publishing,
    forgetUser: users.forgetUser,
    forgetAll: users.forgetAll,
  };
}
