import { hash } from "node:crypto";
import { SignJWT } from "jose/jwt/sign";
import { jwtVerify } from "jose/jwt/verify";
import { LRUCache } from "lru-cache";
import type { Bound, Minted } from "./claims.ts";
import { readClaims, writeClaims } from "./claims.ts";
import type { Keyring } from "./keyring.ts";
import { keyFor } from "./keyring.ts";
import type { Noted } from "./ledger.ts";
import { LIFE_MS, wholeSecond } from "./life.ts";
import type { Revocations } from "./revocations.ts";

/** What all tokens of ours begin with, so that scanners for leaked secrets know them. */
const PREFIX = "pgt_";
/** The JWS "typ": no JWT that anybody else signs can be taken for one of these (RFC 8725, section 3.11). */
const TYPE = "pgt+jwt";
const FORM = /^pgt_eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/;

/** Makes our tokens, and tells them again. */
export interface Mint {
  /**
   * Makes one; how long it lives, {@link LIFE_MS} says.
   *
   * @param at as of when it is made, in epoch milliseconds: what ended the right to it since then ends it, too
   */
  readonly mint: (bound: Bound, at?: number) => Promise<{ readonly token: string; readonly minted: Minted }>;
  /** Whether a token is ours and lives. Answers at once when it is known. Never rejects. */
  readonly verify: (token: string) => Minted | undefined | Promise<Minted | undefined>;
  /** Ends a token; what is not ours, or has ended, needs no ending. */
  readonly revoke: (token: string) => Promise<Noted>;
}

export interface MintOptions {
  readonly keyring: Keyring;
  /** Our own URL: tokens are made by us, for us. */
  readonly issuer: string;
  readonly revocations: Revocations;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly uuid: () => string;
}

export function createMint({ keyring, issuer, revocations, now, uuid }: MintOptions): Mint {
  // By the token's SHA-256, never by the token: only what we signed gets in.
  const known = new LRUCache<string, Minted>({ max: 10_000 });
  const [signer] = keyring;

  const isAlive = (minted: Minted): boolean =>
    minted.issuedAt <= now() && now() < minted.expiresAt && !revocations.covers(minted);

  const read = async (token: string, key: string): Promise<Minted | undefined> => {
    try {
      const { payload } = await jwtVerify(token.slice(PREFIX.length), (header) => keyFor(keyring, header), {
        issuer,
        audience: issuer,
        typ: TYPE,
        algorithms: ["ES256", "EdDSA"],
        currentDate: new Date(now()),
      });
      const minted = readClaims(payload);
      known.set(key, minted);
      return isAlive(minted) ? minted : undefined;
    } catch {
      // Whatever is wrong with it, we did not make it. The error may quote it.
      return undefined;
    }
  };

  const verify: Mint["verify"] = (token) => {
    if (!FORM.test(token)) return undefined;
    const key = hash("sha256", token, "base64url");
    const minted = known.get(key);
    if (minted === undefined) return read(token, key);
    return isAlive(minted) ? minted : undefined;
  };

  return {
    mint: async (bound, at = now()) => {
      const issuedAt = wholeSecond(at);
      const minted: Minted = { ...bound, id: uuid(), issuedAt, expiresAt: issuedAt + LIFE_MS[bound.kind] };
      const jwt = await new SignJWT(writeClaims(minted))
        .setProtectedHeader({ alg: signer.algorithm, kid: signer.id, typ: TYPE })
        .setIssuer(issuer)
        .setAudience(issuer)
        .setJti(minted.id)
        .setIssuedAt(issuedAt / 1000)
        .setExpirationTime(minted.expiresAt / 1000)
        .sign(signer.privateKey);
      return { token: `${PREFIX}${jwt}`, minted };
    },
    verify,
    revoke: async (token) => {
      if (!FORM.test(token)) return "kept";
      const minted = await verify(token);
      if (minted !== undefined) return revocations.end(minted);
      // It may have been ended before, and that not have been kept.
      return (await revocations.kept()) ? "kept" : "unkept";
    },
  };
}
