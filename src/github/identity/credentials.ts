import { isUtf8 } from "node:buffer";

/** A token, and the login its bearer claims it belongs to, where one was given. */
export interface Credentials {
  readonly login: string | undefined;
  readonly token: string;
}

/** User names that stand for "the password is a token": uploaders', GitHub's own, and git helpers' habit. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(["__token__", "x-access-token", "oauth2"]);

/**
 * Reads a user name and password as pip, twine, git and others send them: `(login, token)`, `(__token__, token)`,
 * `(x-access-token, token)`, `(oauth2, token)` or `(token, "")`.
 *
 * @returns `undefined` when the pair holds no token, or none of these shapes
 */
export function readCredentials(username: string, password: string): Credentials | undefined {
  if (username === "") return undefined;
  if (PLACEHOLDERS.has(username)) return password === "" ? undefined : { login: undefined, token: password };
  return password === "" ? { login: undefined, token: username } : { login: username, token: password };
}

/**
 * Whether a claimed login and the login GitHub gave for the token are the same. No claim is no contradiction.
 * Only ASCII letters fold: full Unicode folding would take the Kelvin sign for a `k`.
 */
export function belongsTogether(claimed: string | undefined, actual: string): boolean {
  return claimed === undefined || foldAscii(claimed) === foldAscii(actual);
}

function foldAscii(login: string): string {
  return login.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What an `Authorization` header holds. `unusable` is not `none`: whoever sends garbage is not anonymous. */
export type Authorization =
  | { readonly scheme: "basic"; readonly username: string; readonly password: string }
  | { readonly scheme: "bearer"; readonly token: string }
  | { readonly scheme: "none" }
  | { readonly scheme: "unusable" };

const UNUSABLE: Authorization = { scheme: "unusable" };

/** Parses `Authorization: Basic` (RFC 7617, in UTF-8) and `Authorization: Bearer` (RFC 6750 §2.1). Never throws. */
export function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined || header === "") return { scheme: "none" };
  const [, scheme, value] = /^([A-Za-z]+) +([\x21-\x7e]+)$/.exec(header) ?? [];
  if (scheme === undefined || value === undefined) return UNUSABLE;
  if (scheme.toLowerCase() === "bearer") return { scheme: "bearer", token: value };
  return scheme.toLowerCase() === "basic" ? parseBasic(value) : UNUSABLE;
}

function parseBasic(value: string): Authorization {
  // Node's decoder skips what it does not know, so two headers could mean the same credentials.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return UNUSABLE;
  const bytes = Buffer.from(value, "base64");
  const text = bytes.toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1 || !isUtf8(bytes)) return UNUSABLE;
  return { scheme: "basic", username: text.slice(0, colon), password: text.slice(colon + 1) };
}
