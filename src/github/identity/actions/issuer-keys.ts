import type { CryptoKey, JWTVerifyGetKey, LocalJWKSet } from "jose";
import * as errors from "jose/errors";
import { createLocalJWKSet } from "jose/jwks/local";
import * as z from "zod";
import { createFailureBudget } from "../failure-budget.ts";
import { boundedText } from "./bounded-text.ts";

/** Finds the key that an issuer's token says it is signed with. Rejects with {@link Unreachable}, or an error of jose's. */
export type IssuerKeys = JWTVerifyGetKey<CryptoKey>;

/** The issuer's keys cannot be had, so nobody can say whether a token is good. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

export interface IssuerKeysOptions {
  /** The issuer's URL, from the configuration and never from a token. */
  readonly issuer: string;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called when the issuer has other keys than before: what an old one signed is believed no more. */
  readonly onChange?: () => void;
}

/** Keys are read again after so long; until that has come to something, those that are known go on for a day. */
const REFRESH_MS = 600_000;
const MOST_AGE_MS = 24 * 60 * 60 * 1000;
const TIMEOUT_MS = 5000;
const MOST_BYTES = 256 * 1024;
/** A stranger's tokens may name keys that do not exist: what they make us read is bounded. */
const READS_PER_MINUTE = 10;

const configuration = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/**
 * The keys of an issuer by its discovery document (OpenID Connect Discovery 1.0, section 4): cached, read again when a
 * token names one that is not known, and good without the issuer once they have been read.
 */
export function createIssuerKeys({ issuer, fetch, now, onChange }: IssuerKeysOptions): IssuerKeys {
  const budget = createFailureBudget({ perMinute: READS_PER_MINUTE, now });
  let known: { readonly keys: LocalJWKSet; readonly readAt: number; readonly text: string } | undefined;
  const latest = () => known;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const get = async <T>(url: string, schema: z.ZodType<T>): Promise<T> => {
      // A redirect could lead to keys of somebody else's.
      const response = await fetch(url, { headers: { accept: "application/json" }, signal, redirect: "error" });
      if (!response.ok) throw new TypeError(`The issuer answers ${response.status}.`);
      return schema.parse(JSON.parse(await boundedText(response, MOST_BYTES)));
    };
    const readAt = now();
    const { issuer: named, jwks_uri } = await get(`${issuer}/.well-known/openid-configuration`, configuration);
    if (named !== issuer || new URL(jwks_uri).origin !== new URL(issuer).origin)
      throw new TypeError("Not its document.");
    const set = await get(jwks_uri, keySet);
    const text = JSON.stringify(set);
    if (known !== undefined && known.text !== text) onChange?.();
    known = { keys: createLocalJWKSet(set), readAt, text };
  };

  /** @returns whether the keys have been asked for */
  const refresh = async (): Promise<boolean> => {
    if (reading === undefined && !budget.take(issuer)) return false;
    // What fails leaves what is known as it was.
    reading ??= read()
      .catch(() => undefined)
      .finally(() => (reading = undefined));
    await reading;
    return true;
  };

  return async (header, token) => {
    const age = known === undefined ? Infinity : now() - known.readAt;
    if (age >= MOST_AGE_MS || age < 0) await refresh();
    else if (age >= REFRESH_MS) void refresh();
    const before = latest();
    if (before === undefined || now() - before.readAt >= MOST_AGE_MS) throw new Unreachable();
    try {
      return await before.keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // Perhaps a new one; but only who could look may say that there is none.
      const after = (await refresh()) ? latest() : before;
      if (after === before || after === undefined) throw new Unreachable();
      return after.keys(header, token);
    }
  };
}
