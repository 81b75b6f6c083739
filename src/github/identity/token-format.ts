import { crc32 } from "node:zlib";

/** Credentials GitHub issues that it can be asked about: all stand for a user, but those of an installation. */
export type TokenKind = "personal" | "fine-grained" | "oauth-app" | "app-user" | "installation";

/**
 * What can be said of a token without asking anybody.
 *
 * - `askable`: well formed; GitHub knows whether it lives.
 * - `unsupported`: a real kind of credential, but not one that GitHub can be asked about.
 * - `malformed`: GitHub never issued this text.
 */
export type TokenFormat =
  | { readonly status: "askable"; readonly kind: TokenKind }
  | { readonly status: "unsupported"; readonly kind: "refresh" | "jwt" }
  | { readonly status: "malformed" };

interface Format {
  readonly prefix: string;
  /** What follows the prefix. */
  readonly body: RegExp;
  readonly checksum?: true;
  readonly result: TokenFormat;
}

const MALFORMED: TokenFormat = { status: "malformed" };
const INSTALLATION: TokenFormat = { status: "askable", kind: "installation" };
const OPAQUE = /^[A-Za-z0-9]{36}$/;

// The first row whose prefix and body fit decides.
// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
const FORMATS: readonly Format[] = [
  { prefix: "ghp_", body: OPAQUE, checksum: true, result: { status: "askable", kind: "personal" } },
  { prefix: "gho_", body: OPAQUE, checksum: true, result: { status: "askable", kind: "oauth-app" } },
  { prefix: "ghu_", body: OPAQUE, checksum: true, result: { status: "askable", kind: "app-user" } },
  // No checksum rule is known for these.
  {
    prefix: "github_pat_",
    body: /^[A-Za-z0-9]{22}_[A-Za-z0-9]{59}$/,
    result: { status: "askable", kind: "fine-grained" },
  },
  { prefix: "ghs_", body: OPAQUE, checksum: true, result: INSTALLATION },
  // The stateless form carries a JWT, which is GitHub's business alone.
  { prefix: "ghs_", body: /^[A-Za-z0-9._-]{36,2048}$/, result: INSTALLATION },
  { prefix: "ghr_", body: /^[A-Za-z0-9._-]{36,2048}$/, result: { status: "unsupported", kind: "refresh" } },
  // RFC 7519 §3: a JSON object in base64url always begins with these letters.
  { prefix: "eyJ", body: /^[\w-]*\.[\w-]+\.[\w-]+$/, result: { status: "unsupported", kind: "jwt" } },
];

/** The longest credential worth looking at; an Actions OIDC token has about 2,000 characters. */
export const MAX_TOKEN_LENGTH = 8192;

/** Judges a token by its form alone. Takes any text and never throws. */
export function inspectToken(token: string): TokenFormat {
  if (token.length > MAX_TOKEN_LENGTH) return MALFORMED;
  for (const { prefix, body, checksum, result } of FORMATS) {
    if (!token.startsWith(prefix)) continue;
    const rest = token.slice(prefix.length);
    if (!body.test(rest)) continue;
    return checksum && !hasChecksum(rest) ? MALFORMED : result;
  }
  return MALFORMED;
}

/** Whether a token has the form of those that GitHub Actions gives to runs. */
export function isRunToken(token: string): boolean {
  if (!token.startsWith("eyJ")) return false;
  const format = inspectToken(token);
  return format.status === "unsupported" && format.kind === "jwt";
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKSUM_LENGTH = 6;

/**
 * The last six characters are the CRC-32 of those before them, in base 62
 * (https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/).
 */
function hasChecksum(body: string): boolean {
  let rest = crc32(body.slice(0, -CHECKSUM_LENGTH));
  for (const digit of body.slice(-CHECKSUM_LENGTH).split("").toReversed()) {
    if (digit !== BASE62.charAt(rest % 62)) return false;
    rest = Math.floor(rest / 62);
  }
  return true;
}
