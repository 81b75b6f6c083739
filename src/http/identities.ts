import type { OrganizationId, RepositoryId, UserId } from "../domain/facts.ts";
import type { Bounds, Run, Workload } from "../domain/runs.ts";

/**
 * Asks whose token this is. May answer at once, which keeps promises off the hot path.
 *
 * @param client the index client's name, for its budget of failures
 * @param organization the one that is asked about: a token made for others is none there. `undefined`: it is not served yet
 */
export type VerifyToken = (
  token: string,
  client: string,
  organization: OrganizationId | undefined,
) => TokenCheck | Promise<TokenCheck>;

export type TokenCheck =
  /** A person's. */
  | { readonly status: "active"; readonly identity: TokenIdentity }
  /** That of some App's installation, such as a workflow run's GITHUB_TOKEN: it names nobody. */
  | { readonly status: "installation"; readonly identity: InstallationIdentity }
  /** A workflow run's. */
  | { readonly status: "workload"; readonly identity: WorkloadIdentity }
  /**
   * GitHub does not accept it, or it is no token at all. `problem` is the end of a sentence that begins with "the token",
   * where more than that can be said of it.
   */
  | { readonly status: "inactive"; readonly reason: string; readonly problem?: string }
  /** Nobody could be asked. Never treated as inactive. */
  | {
      readonly status: "unverifiable";
      readonly reason: string;
      /** Whose it was when somebody could last be asked, not long ago: enough to let somebody read. */
      readonly lastKnown?: TokenIdentity;
    };

export interface TokenIdentity {
  readonly id: UserId;
  readonly login: string;
  /** What sort of token, such as `classic` or `fine-grained`; shown as `github:KIND`. */
  readonly kind: string;
  /** The OAuth or GitHub App that the token was issued to. */
  readonly clientId?: string | undefined;
  /** Of a token that we made ourselves: its `jti`, and whom it names as its issuer. */
  readonly own?: { readonly id: string; readonly issuer: string };
  /** When GitHub was asked, epoch milliseconds. */
  readonly checkedAt: number;
  /** Until when the answer is believed, epoch milliseconds. */
  readonly expiresAt: number;
  /** Asks GitHub, with the token itself, whether it can see a repository. Answers at once when that is known. */
  readonly sees: (repository: SeenRepository) => Sight | Promise<Sight>;
}

/** `unverifiable`: nobody can say at the moment. */
export type Sight = "visible" | "hidden" | "unverifiable";

export interface SeenRepository {
  readonly id: RepositoryId;
  readonly organization: OrganizationId;
  /** The organization's login. */
  readonly owner: string;
  readonly name: string;
}

/** Times are epoch milliseconds: when GitHub was asked, and until when the answer is believed. */
export interface InstallationIdentity {
  /** The repositories that the token can see. */
  readonly repositories: ReadonlySet<RepositoryId>;
  /** Whether that is all of them. */
  readonly complete: boolean;
  readonly checkedAt: number;
  readonly expiresAt: number;
}

/** A workflow run, by its own token or by one of ours. Times are epoch milliseconds. */
export interface WorkloadIdentity extends Workload {
  /** The token's `jti`. */
  readonly id: string;
  readonly issuer: string;
  /** What sort of client it is, such as `github:actions`. */
  readonly clientId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Trusted publishing: a workflow run shows GitHub's token and is given one of ours. */
export interface Publishing {
  /** Our own URL, by which the tokens that we make name us. */
  readonly issuer: string;
  /** What a run must ask GitHub for. */
  readonly audience: string;
  /** Checks a run's own token. `problem` is the end of a sentence that begins with "the token". */
  readonly verify: (token: string) => RunCheck | Promise<RunCheck>;
  /**
   * Uses a run's token up. `too-old`: it is from before all that is remembered; `unkept`: after a restart it could be
   * used again.
   */
  readonly redeem: (run: WorkloadIdentity) => Promise<"redeemed" | "spent" | "too-old" | "full" | "unkept">;
  /** @returns a token, and when it ends in epoch milliseconds */
  readonly mint: (bound: {
    readonly run: Run;
    readonly bounds: Bounds;
  }) => Promise<{ readonly token: string; readonly expiresAt: number }>;
  /**
   * Ends a token of ours; any other needs no ending. `unkept`: it has ended, and a restart would revive it; `full`: it
   * lives on.
   */
  readonly revoke: (token: string) => Promise<"kept" | "unkept" | "full">;
}

export type RunCheck =
  | { readonly status: "workload"; readonly identity: WorkloadIdentity }
  | { readonly status: "inactive"; readonly reason: string; readonly problem: string }
  | { readonly status: "unverifiable"; readonly reason: string };

/** How people log in: GitHub's device flow gives them a token of our App's, which is exchanged for one of ours. */
export interface Login {
  /** What the device flow takes (RFC 8628): our App, and where GitHub is. */
  readonly clientId: string;
  readonly deviceAuthorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Makes a token of ours of one that our App got; that one ends. */
  readonly exchange: (token: string) => Promise<Exchanged>;
}

export type Exchanged =
  | { readonly status: "minted"; readonly token: string; readonly expiresAt: number; readonly user: UserId }
  /** `problem` is a sentence. */
  | {
      readonly status: "refused";
      readonly code: "invalid-token" | "no-organization" | "too-many-tokens";
      readonly problem: string;
    }
  | { readonly status: "unverifiable" }
  /** Too many are at it, or have failed, at the moment; worth another try then. */
  | { readonly status: "crowded"; readonly retryAfterMs: number };
