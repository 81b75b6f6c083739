import { decodeJwt } from "jose/jwt/decode";

const PREFIX = "pgt_";

/** When a token of Packgate's ends, in epoch milliseconds; `undefined`: it is none. That it was revoked it does not tell. */
export function endOf(token: string): number | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  try {
    const { exp } = decodeJwt(token.slice(PREFIX.length));
    return exp === undefined ? undefined : exp * 1000;
  } catch {
    return undefined;
  }
}
