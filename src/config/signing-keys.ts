import { createPrivateKey, type KeyObject } from "node:crypto";

import { complaint, type Parsed } from "./parsers.ts";

/** Private keys as PKCS #8 PEMs, the one that signs first. Behind a function, like every secret here. */
export type SigningKeys = () => readonly [string, ...string[]];

const FIX = "make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const PEM = /-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g;

/**
 * Reads keys that sign our tokens: PEMs one after the other, with real line breaks or `\n` written out; a JWK; or a JWK
 * set (RFC 7517).
 */
export function parseSigningKeys(text: string): Parsed<SigningKeys> {
  const keys = text.startsWith("{") ? jwks(text) : pems(text);
  const [first, ...others] = keys;
  if (first === undefined) return complaint("holds no readable private key", FIX);

  const readable = [first, ...others].map(read);
  if (!readable.every((key) => key !== undefined)) return complaint("is not a readable private key", FIX);
  if (!readable.every(isSuitable)) return complaint("is neither a P-256 nor an Ed25519 key", FIX);
  const [signer = "", ...verifiers] = readable.map((key) => key.export({ type: "pkcs8", format: "pem" }).toString());
  return { value: () => [signer, ...verifiers] };
}

type Given = Parameters<typeof createPrivateKey>[0];

function pems(text: string): readonly Given[] {
  return text.replaceAll("\\n", "\n").match(PEM) ?? [];
}

function jwks(text: string): readonly Given[] {
  try {
    const value: unknown = JSON.parse(text);
    const keys = typeof value === "object" && value !== null && "keys" in value ? value.keys : [value];
    return Array.isArray(keys) ? keys.map((key: Record<string, unknown>) => ({ key, format: "jwk" })) : [];
  } catch {
    // The parser's message quotes the text, which is a secret.
    return [];
  }
}

function read(given: Given): KeyObject | undefined {
  try {
    return createPrivateKey(given);
  } catch {
    // OpenSSL's own message says nothing a person can act on.
    return undefined;
  }
}

function isSuitable({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === "ed25519" || asymmetricKeyDetails?.namedCurve === "prime256v1";
}
