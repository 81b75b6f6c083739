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
