import type { Decision, View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import { fullName } from "../../domain/phrases.ts";
import type { PackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import { PERMISSIONS } from "../../domain/roles.ts";
import { outOfReach, subjectOf } from "../../domain/runs.ts";
import { ServiceError } from "../../errors.ts";
import { personOf } from "../../state/directory.ts";
import type { IntrospectReply } from "../contract/replies.ts";
import type { TokenCheck } from "../service.ts";

/** Beyond so many packages the list is left out; ask about one package then. */
const MAX_PACKAGES = 200;

/** RFC 7662, section 2.2: a dead token gets this and nothing else, whatever it died of. */
const INACTIVE: IntrospectReply = { active: false };

type PermissionList = readonly (readonly [PackageName, readonly Permission[]])[];
/** Whether the bearer may; `undefined`: the token does not reach so far, whatever the facts. */
type May = (permission: Permission, name: PackageName) => Decision["outcome"];

export interface Introspected {
  /** The only package asked about. */
  readonly name: PackageName | undefined;
  /** Name of the index client that asks: an answer is for it alone. */
  readonly index: string;
  /** The `iss` of tokens that GitHub made for people. */
  readonly issuer: string;
}

/** What one token is, in one organization, to one index client. Starts from "inactive"; only the last lines say otherwise. */
export function introspection(
  view: View,
  check: Extract<TokenCheck, { status: "active" | "workload" }>,
  { name, index, issuer }: Introspected,
): IntrospectReply {
  if (check.status === "workload") {
    const { run, issuer, clientId, id, issuedAt, expiresAt } = check.identity;
    if (run.organization !== view.organization.id) return INACTIVE;
    const { repository, ref, environment } = run;
    const may: May = (permission, name) => {
      if (outOfReach(view, check.identity, permission, name) !== undefined) return "deny";
      return decide(view, { kind: "workload", repository }, permission, name, { index, ref, environment }).outcome;
    };
    return {
      active: true,
      sub: subjectOf(run),
      username: fullName(view, repository),
      token_type: "Bearer",
      iss: issuer,
      client_id: clientId,
      jti: id,
      ...lifetime(issuedAt, expiresAt),
      ...permissions(view, may, name),
    };
  }
  const { id, login, kind, clientId, checkedAt, expiresAt } = check.identity;
  if (personOf(view, id) === undefined) return INACTIVE;
  const may: May = (permission, name) => decide(view, { kind: "user", id }, permission, name, { index }).outcome;
  return {
    active: true,
    sub: String(id),
    username: login,
    token_type: "Bearer",
    iss: issuer,
    client_id: clientId ?? `github:${kind}`,
    ...lifetime(checkedAt, expiresAt),
    ...permissions(view, may, name),
  };
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
