import type { Decision, View } from "../../domain/decide.ts";
import { fullName } from "../../domain/phrases.ts";
import type { PackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import { PERMISSIONS } from "../../domain/roles.ts";
import { subjectOf } from "../../domain/runs.ts";
import { ServiceError } from "../../errors.ts";
import { personOf } from "../../state/directory.ts";
import type { IntrospectReply } from "../contract/replies.ts";
import type { TokenCheck } from "../service.ts";
import type { Bearer } from "./bearer.ts";
import { judgeFor, outcomeOf } from "./bearer.ts";
import type { Sights, Wanted } from "./proof.ts";
import { MOST_LOOKS, toBeSeen, wantedOf } from "./proof.ts";

/** Beyond so many packages the list is left out; ask about one package then. */
const MAX_PACKAGES = 200;

/** RFC 7662, section 2.2: a dead token gets this and nothing else, whatever it died of. */
export const INACTIVE: IntrospectReply = { active: false };

/** A token that lives. */
type Known = Extract<TokenCheck, { readonly identity: unknown }>;
type PermissionList = readonly (readonly [PackageName, readonly Permission[]])[];
type May = (permission: Permission, name: PackageName) => Decision["outcome"];

export interface Introspected {
  /** The only package asked about. */
  readonly name: PackageName | undefined;
  /** Name of the index client that asks: an answer is for it alone. */
  readonly index: string;
  /** What GitHub said of what the token can see. */
  readonly seen: Sights;
  /** The `iss` of tokens that GitHub made for people. */
  readonly issuer: string;
}

/** What one token is, in one organization, to one index client. Starts from "inactive"; only the last lines say otherwise. */
export function introspection(view: View, check: Known, asked: Introspected): IntrospectReply {
  const may = mayOf(view, check, asked);
  if (check.status === "workload") {
    const { run, issuer, clientId, id, issuedAt, expiresAt } = check.identity;
    if (run.organization !== view.organization.id) return INACTIVE;
    return {
      active: true,
      sub: subjectOf(run),
      username: fullName(view, run.repository),
      token_type: "Bearer",
      iss: issuer,
      client_id: clientId,
      jti: id,
      ...lifetime(issuedAt, expiresAt),
      ...permissions(view, may, asked.name),
    };
  }
  if (check.status === "installation") {
    const { repositories, checkedAt, expiresAt } = check.identity;
    if (![...repositories].some((id) => view.facts.repositoryList?.value.has(id))) return INACTIVE;
    return {
      active: true,
      // GitHub does not tell which App it belongs to, let alone who works for it.
      sub: "installation",
      username: "installation",
      token_type: "Bearer",
      iss: asked.issuer,
      client_id: "github:installation",
      ...lifetime(checkedAt, expiresAt),
      ...permissions(view, may, asked.name),
    };
  }
  const { id, login, kind, clientId, own, checkedAt, expiresAt } = check.identity;
  if (personOf(view, id) === undefined) return INACTIVE;
  return {
    active: true,
    sub: String(id),
    username: login,
    token_type: "Bearer",
    iss: own?.issuer ?? asked.issuer,
    client_id: clientId ?? `github:${kind}`,
    ...(own && { jti: own.id }),
    ...lifetime(checkedAt, expiresAt),
    ...permissions(view, may, asked.name),
  };
}

/**
 * What has to be asked of GitHub with the token itself before the list can be written; as far as that is within reason.
 * Beyond it, ask about one package.
 */
export function wantedFor(
  view: View,
  { identity }: Extract<TokenCheck, { readonly status: "active" }>,
  { name, index }: Omit<Introspected, "seen">,
): Wanted | undefined {
  const names = name === undefined ? [...view.claims.keys()] : [name];
  const questions = names.flatMap((name) => PERMISSIONS.map((permission) => [permission, name] as const));
  // Of a token of ours it is known without asking GitHub.
  return wantedOf(view, identity, questions, { index }, identity.own === undefined ? MOST_LOOKS : undefined);
}

function mayOf(view: View, check: Known, { index, seen }: Introspected): May {
  const bearer = bearerOf(check);
  return (permission, name) => {
    const judgement = judgeFor(view, bearer, permission, name, { index });
    const decision = check.status === "active" && "decision" in judgement ? judgement.decision : undefined;
    const repository = decision && toBeSeen(view, permission, decision);
    return repository === undefined ? outcomeOf(judgement) : BY_SIGHT[seen.get(repository) ?? "unverifiable"];
  };
}

const BY_SIGHT = { visible: "allow", hidden: "deny", unverifiable: "unknown" } as const;

function bearerOf(check: Known): Bearer {
  if (check.status === "workload") return { kind: "run", workload: check.identity };
  if (check.status === "installation") return { kind: "installation", installation: check.identity };
  return { kind: "person", user: check.identity };
}

/** In seconds, from milliseconds. */
function lifetime(from: number, until: number): { iat: number; exp: number } {
  return { iat: Math.floor(from / 1000), exp: Math.floor(until / 1000) };
}

function permissions(
  view: View,
  may: May,
  name: PackageName | undefined,
): Pick<Extract<IntrospectReply, { active: true }>, "scope" | "permissions" | "permissions_truncated"> {
  const list = name === undefined ? listAll(view, may) : [listOne(may, name)];
  if (list === undefined) return { permissions_truncated: true };
  return {
    scope: list.flatMap(([name, permissions]) => permissions.map((permission) => `${permission}:${name}`)).join(" "),
    permissions: Object.fromEntries(list),
  };
}

function listOne(may: May, name: PackageName): PermissionList[number] {
  const outcomes = PERMISSIONS.map((permission) => may(permission, name));
  if (outcomes.includes("unknown")) {
    throw new ServiceError("unavailable", "Not everything about this package has been read from GitHub yet.");
  }
  return [name, PERMISSIONS.filter((_, index) => outcomes[index] === "allow")];
}

/** @returns `undefined` when the list would be too long, or would leave out what is not known yet */
function listAll(view: View, may: May): PermissionList | undefined {
  const list: [PackageName, readonly Permission[]][] = [];
  for (const name of view.claims.keys()) {
    const outcomes = PERMISSIONS.map((permission) => may(permission, name));
    if (outcomes.includes("unknown")) return undefined;
    const permissions = PERMISSIONS.filter((_, index) => outcomes[index] === "allow");
    if (permissions.length > 0) list.push([name, permissions]);
    if (list.length > MAX_PACKAGES) return undefined;
  }
  return list.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
