import type { Config } from "../config.ts";
import type { VerifyRun } from "../github/identity/actions/verify-run.ts";
import { TOLERANCE_MS } from "../github/identity/actions/verify-run.ts";
import type { Publishing } from "../http/service.ts";
import { LIFE_MS } from "../tokens/life.ts";
import type { OurTokens } from "./our-tokens.ts";

export interface PublishingOptions {
  readonly verifyRun: VerifyRun;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Tokens of ours for workflow runs. */
export function createPublishing(
  { oidcAudience }: Pick<Config, "oidcAudience">,
  { issuer, mint, exchanged }: OurTokens,
  { verifyRun, now }: PublishingOptions,
): Publishing {
  return {
    issuer,
    audience: oidcAudience,
    verify: verifyRun,
    redeem: async ({ issuer: theirs, id, expiresAt }) => {
      const key = `${theirs} ${id}`;
      if (exchanged.has(key)) return "spent";
      // As long as what it was exchanged for: so never more tokens of ours live than are counted here.
      const until = Math.max(expiresAt + TOLERANCE_MS, now() + LIFE_MS.run);
      const noted = await exchanged.add(key, until);
      return noted === "kept" ? "redeemed" : noted;
    },
    mint: async (bound) => {
      const { token, minted } = await mint.mint({ kind: "run", ...bound });
      return { token, expiresAt: minted.expiresAt };
    },
    revoke: mint.revoke,
  };
}
