import type { KeyObject } from "node:crypto";
import { createPublicKey } from "node:crypto";
import type { JWSHeaderParameters } from "jose";
import * as errors from "jose/errors";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";

/** A key that signs or has signed our tokens. */
export interface SigningKey {
  /** RFC 7638: the key's own thumbprint, so that no two keys share one. */
  readonly id: string;
  readonly algorithm: "ES256" | "EdDSA";
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The first key signs; every one verifies, so that tokens outlive a change of keys. */
export type Keyring = readonly [SigningKey, ...SigningKey[]];

export async function keyringOf([first, ...others]: readonly [KeyObject, ...KeyObject[]]): Promise<Keyring> {
  return [await signingKey(first), ...(await Promise.all(others.map(signingKey)))];
}

async function signingKey(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey);
  return {
    id: await calculateJwkThumbprint(publicKey.export({ format: "jwk" })),
    algorithm: privateKey.asymmetricKeyType === "ed25519" ? "EdDSA" : "ES256",
    privateKey,
    publicKey,
  };
}

/** The key that a token says it is signed with. @throws when it is none of ours, or is said to be of another kind */
export function keyFor(keyring: Keyring, { kid, alg }: JWSHeaderParameters): KeyObject {
  const key = keyring.find(({ id, algorithm }) => id === kid && algorithm === alg);
  if (key === undefined) throw new errors.JWKSNoMatchingKey();
  return key.publicKey;
}
