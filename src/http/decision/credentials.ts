/** What an end user presented. */
export type Credentials =
  | { readonly kind: "none" }
  /** A token; with `login`, the two must belong together. Neither may ever be logged or echoed. */
  | { readonly kind: "token"; readonly token: string; readonly login: string | undefined };

const NONE: Credentials = { kind: "none" };

/** User names that stand for "the password is a token, and says itself whose it is". */
const PLACEHOLDERS: ReadonlySet<string> = new Set(["__token__", "x-access-token", "oauth2"]);

/**
 * Reads a user name and password as clients of package indexes send them: `(login, token)`, `(__token__, token)`,
 * `(x-access-token, token)`, `(oauth2, token)`, and `(token, "")` from `https://TOKEN@host/`.
 */
export function parseCredentials(username: string, password: string): Credentials {
  if (username === "") return NONE;
  if (PLACEHOLDERS.has(username)) return parseToken(password);
  if (password === "") return parseToken(username);
  return { kind: "token", token: password, login: username };
}

/** A token by itself. */
export function parseToken(token: string): Credentials {
  return token === "" ? NONE : { kind: "token", token, login: undefined };
}

const AUTHORIZATION = /^(basic|bearer) +([A-Za-z0-9+/._~-]+=*) *$/i;

/** What a client of an index says in `Authorization` (RFC 7617, RFC 6750); what is no such thing counts as nothing. */
export function parseAuthorization(header: string | undefined): Credentials {
  const [, scheme = "", value = ""] = AUTHORIZATION.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return parseToken(value);
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? NONE : parseCredentials(text.slice(0, colon), text.slice(colon + 1));
}
