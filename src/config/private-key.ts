import { createPrivateKey, type KeyObject } from "node:crypto";

import { complaint, type Parsed, type Secret } from "./parsers.ts";

const FIX = "use the .pem file that the App's settings page gave you";

/**
 * Reads the App's key in every form Probot accepts: a PEM with real line breaks, with `\n` written out,
 * or the whole PEM in base64.
 *
 * @returns the key as a PKCS #8 PEM, the one form every JWT library takes
 */
export function parsePrivateKey(text: string): Parsed<Secret> {
  const decoded = text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString("latin1");
  if (!decoded.includes("-----BEGIN")) return complaint("is not a PEM", FIX);

  const key = readKey(decoded.replaceAll("\\n", "\n"));
  if (key === undefined) return complaint("is not a readable private key", FIX);
  if (key.asymmetricKeyType !== "rsa") return complaint("is not an RSA key", FIX);
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
  return { value: () => pem };
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's own message says nothing a person can act on.
    return undefined;
  }
}
