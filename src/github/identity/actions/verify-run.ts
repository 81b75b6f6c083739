import { hash } from "node:crypto";
import * as errors from "jose/errors";
import { decodeJwt } from "jose/jwt/decode";
import { jwtVerify } from "jose/jwt/verify";
import { LRUCache } from "lru-cache";
import type { OrganizationId } from "../../../domain/facts.ts";
import type { Workload } from "../../../domain/runs.ts";
import { isRunToken } from "../token-format.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import { createIssuerKeys, Unreachable } from "./issuer-keys.ts";
import type { RunClaims } from "./run-claims.ts";
import { readRunClaims } from "./run-claims.ts";

/** A run of a workflow, proved by a token that GitHub Actions gave it. */
export interface ProvenRun extends RunClaims, Workload {
  readonly issuer: string;
  readonly clientId: string;
}

export type RunCheck =
  | { readonly status: "workload"; readonly identity: ProvenRun }
  /** `problem` is the end of a sentence that begins with "the token". */
  | { readonly status: "inactive"; readonly reason: "refused"; readonly problem: string }
  | { readonly status: "unverifiable"; readonly reason: "issuer" | "organization" };

/** Checks a token of GitHub Actions, offline once the issuer's keys are known. Never rejects. */
export type VerifyRun = (token: string) => RunCheck | Promise<RunCheck>;

export interface RunVerifierOptions {
  /** As the tokens' `iss` says. */
  readonly issuers: readonly string[];
  readonly audience: string;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether an organization is served; `undefined`: that is not known yet. */
  readonly serves: (organization: OrganizationId) => boolean | undefined;
}

/** Two clocks are never quite the same. */
export const TOLERANCE_MS = 5000;
/** GitHub's live 5 minutes. What lives longer than this would have to be remembered for as long once it is used up. */
export const LONGEST_MS = 60 * 60 * 1000;

export function createRunVerifier({ issuers, audience, fetch, now, serves }: RunVerifierOptions): VerifyRun {
  // By the token's SHA-256, never by the token: only what an issuer signed gets in.
  const empty = () => new LRUCache<string, ProvenRun>({ max: 10_000 });
  let known = empty();
  // Replaced, not cleared: what is being checked with an old key meanwhile must not get in.
  const onChange = () => (known = empty());
  const keys: ReadonlyMap<string, IssuerKeys> = new Map(
    issuers.map((issuer) => [issuer, createIssuerKeys({ issuer, fetch, now, onChange })]),
  );

  const accept = (identity: ProvenRun): RunCheck => {
    if (now() >= identity.expiresAt + TOLERANCE_MS) return refused("has expired; a job can ask for a new one");
    const served = serves(identity.run.organization);
    if (served === undefined) return { status: "unverifiable", reason: "organization" };
    return served ? { status: "workload", identity } : refused(STRANGE_OWNER);
  };

  const check = async (token: string, key: string): Promise<RunCheck> => {
    const cache = known;
    try {
      const issuer = String(decodeJwt(token).iss);
      const issuerKeys = keys.get(issuer);
      if (issuerKeys === undefined) return refused(STRANGE_ISSUER);
      const { payload } = await jwtVerify(token, issuerKeys, {
        issuer,
        audience,
        algorithms: ["RS256"],
        clockTolerance: TOLERANCE_MS / 1000,
        currentDate: new Date(now()),
        requiredClaims: ["exp", "iat", "jti"],
      });
      // Made for several, it could be used here by any of the others.
      if (Array.isArray(payload.aud) && payload.aud.length > 1) return refused("is made for others as well");
      const claims = readRunClaims(payload);
      if (typeof claims === "string") return refused(`has no usable claim ${claims}`);
      if (claims.issuedAt > now() + TOLERANCE_MS) return refused("is not valid yet");
      if (claims.expiresAt - claims.issuedAt > LONGEST_MS) return refused("lives longer than an hour");
      const identity: ProvenRun = { ...claims, bounds: undefined, issuer, clientId: "github:actions" };
      cache.set(key, identity);
      return accept(identity);
    } catch (error) {
      if (error instanceof Unreachable) return { status: "unverifiable", reason: "issuer" };
      return refused(problemOf(error, audience));
    }
  };

  return (token) => {
    if (!isRunToken(token)) return refused(NO_TOKEN);
    const key = hash("sha256", token, "base64url");
    const identity = known.get(key);
    return identity === undefined ? check(token, key) : accept(identity);
  };
}

function refused(problem: string): RunCheck {
  return { status: "inactive", reason: "refused", problem };
}

/** In our own words: jose's may quote the token. */
function problemOf(error: unknown, audience: string): string {
  if (error instanceof errors.JWTExpired) return "has expired; a job can ask for a new one";
  if (error instanceof errors.JOSEAlgNotAllowed) return "is not signed with RS256";
  if (error instanceof errors.JWKSNoMatchingKey) return "is signed with a key that its issuer does not have";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "has a signature that is not its issuer's";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return `is made for somebody else; ask for one with the audience ${audience}`;
    return error.claim === "nbf" ? "is not valid yet" : `has no usable claim ${error.claim}`;
  }
  return NO_TOKEN;
}

const NO_TOKEN = "is no JSON Web Token of GitHub Actions";
const STRANGE_ISSUER = "is of an issuer that is not trusted here: the operator names it in PACKGATE_OIDC_ISSUERS";
const STRANGE_OWNER =
  "is of a repository whose owner is not served here: the operator installs the App there, and names it in PACKGATE_ORGS where that is set";
