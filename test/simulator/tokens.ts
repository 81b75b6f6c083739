import { crc32 } from "node:zlib";
import type { AppPermissions } from "./model.ts";
import type { Random } from "./random.ts";

/** Every token GitHub knows; what is not in the book is bad credentials. */

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const hour = 3_600_000;

export type UserTokenKind = "classic" | "oauth" | "app-user" | "fine-grained";
export type UserToken = {
  kind: UserTokenKind;
  userId: number;
  scopes: string[];
  /** A fine-grained token's selection of repositories, or all the user sees. */
  repositoryIds: Set<number> | null;
  /** Issued to another App than the simulated one. */
  foreign: boolean;
  /** Organizations that enforce SAML SSO, and were not signed in to when the token was made. */
  withoutSso: Set<number>;
  expiresAt: number | null;
  createdAt: number;
};
export type InstallationToken = {
  kind: "installation";
  organizationId: number;
  installationId: number;
  permissions: AppPermissions;
  repositoryIds: Set<number> | null;
  expiresAt: number;
};
export type UserTokenOptions = {
  scopes?: string[];
  repositoryIds?: number[];
  foreign?: boolean;
  withoutSso?: number[];
  expiresAt?: number;
};

export type TokenBook = ReturnType<typeof createTokenBook>;

export function createTokenBook(random: Random, clock: () => number) {
  const book = new Map<string, UserToken | InstallationToken>();

  /** The last six characters are the base-62 CRC-32 of the thirty before. */
  const checksummed = (prefix: string): string => {
    const body = random.text(30, base62);
    let rest = crc32(body);
    let checksum = "";
    for (; checksum.length < 6; rest = Math.floor(rest / 62)) checksum = base62.charAt(rest % 62) + checksum;
    return `${prefix}_${body}${checksum}`;
  };
  const forms: Record<UserTokenKind, () => string> = {
    classic: () => checksummed("ghp"),
    oauth: () => checksummed("gho"),
    "app-user": () => checksummed("ghu"),
    "fine-grained": () => `github_pat_${random.text(22, base62)}_${random.text(59, base62)}`,
  };

  return {
    issueToUser(userId: number, kind: UserTokenKind, options: UserTokenOptions = {}): string {
      const token = forms[kind]();
      book.set(token, {
        kind,
        userId,
        scopes: options.scopes ?? (kind === "classic" || kind === "oauth" ? ["read:org", "repo"] : []),
        repositoryIds: options.repositoryIds === undefined ? null : new Set(options.repositoryIds),
        foreign: options.foreign ?? false,
        withoutSso: new Set(options.withoutSso),
        expiresAt: options.expiresAt ?? null,
        createdAt: clock(),
      });
      return token;
    },
    issueToInstallation(grant: Omit<InstallationToken, "kind" | "expiresAt">): { token: string; expiresAt: number } {
      const token = checksummed("ghs");
      const expiresAt = Math.floor(clock() / 1000) * 1000 + hour;
      book.set(token, { kind: "installation", ...grant, expiresAt });
      return { token, expiresAt };
    },
    find(token: string): UserToken | InstallationToken | undefined {
      const entry = book.get(token);
      return entry === undefined || (entry.expiresAt !== null && entry.expiresAt <= clock()) ? undefined : entry;
    },
    revoke(token: string): void {
      book.delete(token);
    },
    revokeWhere(matches: (entry: UserToken | InstallationToken) => boolean): void {
      for (const [token, entry] of book) if (matches(entry)) book.delete(token);
    },
  };
}
