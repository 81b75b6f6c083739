import { createPrivateKey } from "node:crypto";
import type { Config } from "../config.ts";
import type { SigningKeys } from "../config/signing-keys.ts";
import type { VerifyRun } from "../github/identity/actions/verify-run.ts";
import { TOLERANCE_MS } from "../github/identity/actions/verify-run.ts";
import type { Publishing, WorkloadIdentity } from "../http/service.ts";
import type { Minted } from "../tokens/claims.ts";
import { openKept } from "../tokens/kept.ts";
import { keyringOf } from "../tokens/keyring.ts";
import { createLedger } from "../tokens/ledger.ts";
import { createMint, LIFE_MS } from "../tokens/mint.ts";

export interface PublishingOptions {
  readonly verifyRun: VerifyRun;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly uuid: () => string;
  readonly warn: (sentence: string, cause?: unknown) => void;
}

export interface OurTokens extends Publishing {
  /** Checks a token of ours. Answers at once when it is known. */
  readonly verifyOurs: (token: string) => WorkloadIdentity | undefined | Promise<WorkloadIdentity | undefined>;
}

/** Our own tokens: made for workflow runs, told again, ended. */
export async function createPublishing(
  { publicUrl, host, port, oidcAudience, signingKeys, stateFolder }: Config,
  { verifyRun, now, uuid, warn }: PublishingOptions,
): Promise<OurTokens> {
  const kept = openKept({ folder: stateFolder, now, warn });
  const given = signingKeys?.();
  const keys = given === undefined ? await kept.keys() : readKeys(given);
  const [revoked, exchanged] = [await kept.entries("revoked"), await kept.entries("exchanged")];
  const spent = createLedger(exchanged ?? [], kept.keep("exchanged"), now);
  const issuer = publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const mint = createMint({
    keyring: await keyringOf(keys),
    issuer,
    revoked: createLedger(revoked ?? [], kept.keep("revoked"), now),
    // Of tokens from before nobody knows which were revoked, where nothing was kept.
    since: revoked === undefined ? now() : 0,
    now,
    uuid,
  });
  const ours = (minted: Minted | undefined): WorkloadIdentity | undefined =>
    minted && { ...minted, issuer, clientId: "packgate" };

  return {
    issuer,
    audience: oidcAudience,
    verify: verifyRun,
    verifyOurs: (token) => {
      const minted = mint.verify(token);
      return minted instanceof Promise ? minted.then(ours) : ours(minted);
    },
    redeem: async ({ issuer: theirs, id, expiresAt }) => {
      const key = `${theirs} ${id}`;
      if (spent.has(key)) return "spent";
      // As long as what it was exchanged for: so never more tokens of ours live than are counted here.
      const until = Math.max(expiresAt + TOLERANCE_MS, now() + LIFE_MS);
      return (await spent.add(key, until)) ? "redeemed" : "full";
    },
    mint: async (bound) => {
      const { token, minted } = await mint.mint(bound);
      return { token, expiresAt: minted.expiresAt };
    },
    revoke: mint.revoke,
  };
}

function readKeys([first, ...others]: ReturnType<SigningKeys>): Parameters<typeof keyringOf>[0] {
  return [createPrivateKey(first), ...others.map((pem) => createPrivateKey(pem))];
}
