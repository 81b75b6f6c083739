import type { Ecosystem, PackageName } from "../../domain/package-name.ts";
import { ECOSYSTEMS } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import { ServiceError } from "../../errors.ts";
import { parseJson } from "../json.ts";
import { packageNameOf, permissionOf } from "../names.ts";
import { AuthorizeRequest } from "../contract/requests.ts";
import type { Credentials } from "./credentials.ts";
import { parseCredentials, parseToken } from "./credentials.ts";

/** Who is said to be asking: a token to check, a user the index vouches for, or nobody. */
export type Claimant = Credentials | { readonly kind: "vouched"; readonly user: string };

/** A question to `/authorize`, with every name in its normal form. */
export interface AuthorizeQuestion {
  readonly name: PackageName;
  readonly permission: Permission;
  readonly ecosystem: Ecosystem;
  readonly claimant: Claimant;
  readonly org: string | undefined;
  /** Epoch milliseconds. */
  readonly minAsOf: number | undefined;
  readonly explain: boolean;
}

/** Reads the body of `/authorize`, or throws `invalid_request` with the path of the fault. */
export function parseQuestion(body: Buffer): AuthorizeQuestion {
  const request = parseJson(AuthorizeRequest, body);
  return {
    name: packageNameOf(request.package),
    permission: permissionOf(request.action),
    ecosystem: request.ecosystem ?? ECOSYSTEMS[0],
    claimant: claimantOf(request),
    org: request.org,
    minAsOf: request.minAsOf === undefined ? undefined : Date.parse(request.minAsOf),
    explain: request.explain === true,
  };
}

/** A question that says no more than it must; who asks is known otherwise. */
export function plainQuestion(permission: Permission, name: PackageName): AuthorizeQuestion {
  return {
    name,
    permission,
    ecosystem: ECOSYSTEMS[0],
    claimant: NOBODY,
    org: undefined,
    minAsOf: undefined,
    explain: false,
  };
}

const NOBODY: Claimant = { kind: "none" };

function claimantOf({ credentials, token, user }: AuthorizeRequest): Claimant {
  const given = Number(credentials !== undefined) + Number(token !== undefined) + Number(user !== undefined);
  if (given > 1) throw new ServiceError("invalid_request", "Give one of credentials, token and user, not several.");
  if (user !== undefined) return { kind: "vouched", user: String(user) };
  if (token !== undefined) return parseToken(token);
  return parseCredentials(credentials?.username ?? "", credentials?.password ?? "");
}
