import type { Config } from "../config.ts";
import { createBreaker } from "../github/identity/breaker.ts";
import { createFailureBudget } from "../github/identity/failure-budget.ts";
import { createGitHubUser } from "../github/identity/github-user.ts";
import type { TokenVerifier, TokenVerifierOptions } from "../github/identity/verify-token.ts";
import { createTokenVerifier } from "../github/identity/verify-token.ts";

export interface TokensOptions extends Pick<TokenVerifierOptions, "now" | "onCheck"> {
  readonly fetch: typeof fetch;
}

/** Checks users' tokens with GitHub, within what a GitHub in trouble and a guessing caller may cost. */
export function createTokens(
  { github: { apiUrl }, oauth, tokenTtlMs, maxStalenessMs }: Config,
  { fetch, now, onCheck }: TokensOptions,
): TokenVerifier {
  return createTokenVerifier({
    ask: createGitHubUser({ apiUrl, fetch, now, oauth }),
    breaker: createBreaker({ now }),
    budget: createFailureBudget({ now }),
    now,
    ttlMs: tokenTtlMs,
    graceMs: maxStalenessMs,
    onCheck,
  });
}
