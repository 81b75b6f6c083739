import { createPrivateKey } from "node:crypto";
import type { Config } from "../config.ts";
import type { SigningKeys } from "../config/signing-keys.ts";
import type { Kept } from "../tokens/kept.ts";
import { openKept } from "../tokens/kept.ts";
import { keyringOf } from "../tokens/keyring.ts";
import { createLedger } from "../tokens/ledger.ts";
import { wholeSecond } from "../tokens/life.ts";
import type { Mint } from "../tokens/mint.ts";
import { createMint } from "../tokens/mint.ts";
import type { Revocations } from "../tokens/revocations.ts";
import { createRevocations } from "../tokens/revocations.ts";
import type { Exchanges } from "./exchanges.ts";
import { openExchanges } from "./exchanges.ts";

export interface OurTokensOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly uuid: () => string;
  readonly warn: (sentence: string, cause?: unknown) => void;
}

/** What makes our own tokens and tells them again, and what is remembered of those that are used up. */
export interface OurTokens {
  readonly issuer: string;
  readonly mint: Mint;
  readonly revocations: Revocations;
  readonly exchanges: Exchanges;
  /** A sentence for each thing that a restart would forget and must not. */
  readonly problems: Kept["problems"];
}

export async function openOurTokens(
  { publicUrl, host, port, signingKeys, stateFolder }: Config,
  { now, uuid, warn }: OurTokensOptions,
): Promise<OurTokens> {
  const kept = openKept({ folder: stateFolder, now, warn });
  const given = signingKeys?.();
  const keys = given === undefined ? await kept.keys() : readKeys(given);
  const revoked = await kept.entries("revoked");
  const revocations = createRevocations(createLedger(revoked ?? [], kept.keep("revoked"), now));
  if (revoked === undefined) {
    // Of tokens from before nobody knows which were revoked.
    await revocations.endAll("run", wholeSecond(now()));
    await revocations.endAll("user", wholeSecond(now()));
  }
  const issuer = publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const mint = createMint({ keyring: await keyringOf(keys), issuer, revocations, now, uuid });
  return { issuer, mint, revocations, exchanges: await openExchanges(kept, now), problems: kept.problems };
}

function readKeys([first, ...others]: ReturnType<SigningKeys>): Parameters<typeof keyringOf>[0] {
  return [createPrivateKey(first), ...others.map((pem) => createPrivateKey(pem))];
}
