import type { RepositoryId, UserId } from "../../domain/facts.ts";
import type { Health } from "./breaker.ts";
import type { TokenKind } from "./token-format.ts";

/** Whom a living token stands for. */
export interface Identity {
  readonly id: UserId;
  readonly login: string;
  readonly kind: TokenKind;
  /** Our App's client id, when GitHub confirmed that the token was issued to it; `undefined`: anybody's token. */
  readonly clientId: string | undefined;
  /** Epoch milliseconds: when GitHub was asked. */
  readonly checkedAt: number;
  /** Epoch milliseconds: when this answer stops being believed. */
  readonly expiresAt: number;
}

/** What the token of some App's installation shows: no person, and not which App. */
export interface InstallationIdentity {
  readonly kind: "installation";
  /** The repositories that it can see. */
  readonly repositories: ReadonlySet<RepositoryId>;
  /** Whether that is all of them. */
  readonly complete: boolean;
  readonly checkedAt: number;
  readonly expiresAt: number;
}

/**
 * What a token is worth.
 *
 * - `malformed`: GitHub never issued this text. `unsupported`: it names no person (a workflow, a bot, an organization). `refused`: GitHub knows no such living token, or has suspended its user.
 * - `unverifiable` is not `inactive`: nobody is told "no" because GitHub could not be asked. `budget`: the index client
 *   sent too many tokens that failed; `breaker`: GitHub is being left alone for a while; `github`: it gave no answer.
 */
export type TokenCheck =
  | { readonly status: "active"; readonly identity: Identity }
  | { readonly status: "installation"; readonly identity: InstallationIdentity }
  | { readonly status: "inactive"; readonly reason: "malformed" | "unsupported" | "refused" }
  | {
      readonly status: "unverifiable";
      readonly reason: "budget" | "breaker" | "github";
      /** Whose it was when GitHub could last be asked, not long ago: enough to let somebody read. */
      readonly lastKnown?: Identity;
    };

/** A token that GitHub accepts. */
export type Good = Extract<TokenCheck, { status: "active" | "installation" }>;

export function isGood(check: TokenCheck): check is Good {
  return check.status === "active" || check.status === "installation";
}

/**
 * Checks a token on behalf of an index client. A remembered token is answered without a promise, so the hot path
 * pays none. Never throws and never rejects.
 *
 * @param client name of the index client, from the configuration
 */
export type VerifyToken = (token: string, client: string) => TokenCheck | Promise<TokenCheck>;

/** Asks GitHub about a well-formed token. A rejection counts as GitHub failing. */
export type AskGitHub = (token: string, kind: TokenKind) => Promise<GitHubAnswer>;

/** Whether a token's bearer can see a repository; `unverifiable`: nobody can say at the moment. */
export type Sight = "visible" | "hidden" | "unverifiable";

export interface SightAnswer {
  readonly sight: Sight;
  readonly health: Health;
}

/** A repository as GitHub is asked about it: by name, and recognised by its number. */
export interface SeenRepository {
  readonly id: RepositoryId;
  readonly owner: string;
  readonly name: string;
}

/** Asks GitHub, with a token, whether its bearer sees a repository. Never rejects. */
export type AskSight = (token: string, repository: SeenRepository) => Promise<SightAnswer>;

/** `health` is what the exchange tells about GitHub itself, as opposed to this token. */
export type GitHubAnswer = { readonly health: Health } & (
  | {
      readonly status: "active";
      readonly id: UserId;
      readonly login: string;
      readonly clientId: string | undefined;
      /** Epoch milliseconds: when the token itself ends; `undefined`: unknown or never. */
      readonly tokenExpiresAt: number | undefined;
    }
  | {
      readonly status: "installation";
      readonly repositories: ReadonlySet<RepositoryId>;
      readonly complete: boolean;
    }
  | { readonly status: "inactive"; readonly reason: "unsupported" | "refused" }
  | { readonly status: "unverifiable" }
);
