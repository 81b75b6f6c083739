import type { Config } from "../config.ts";
import type { VerifyRun } from "../github/identity/actions/verify-run.ts";
import type { Publishing } from "../http/service.ts";
import type { OurTokens } from "./our-tokens.ts";

/** Tokens of ours for workflow runs. */
export function createPublishing(
  { oidcAudience }: Pick<Config, "oidcAudience">,
  { issuer, mint, exchanges }: OurTokens,
  verifyRun: VerifyRun,
): Publishing {
  return {
    issuer,
    audience: oidcAudience,
    verify: verifyRun,
    redeem: exchanges.redeem,
    mint: async (bound) => {
      const { token, minted } = await mint.mint({ kind: "run", ...bound });
      return { token, expiresAt: minted.expiresAt };
    },
    revoke: mint.revoke,
  };
}
