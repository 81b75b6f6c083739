import { ServiceError } from "../errors.ts";
import type { IndexClient, ServedOrganization } from "./service.ts";

/**
 * Which organization a request is about: the one it names, or the only one its client may ask about.
 * A client bound to an organization reaches no other.
 *
 * @param named the login the request gives, in any letter case
 * @returns `undefined` while the organization is not being served, so that nothing is known of it
 */
export function organizationFor(
  organizations: readonly ServedOrganization[],
  { org }: IndexClient,
  named: string | undefined,
): ServedOrganization | undefined {
  const allowed = org === undefined ? organizations : organizations.filter(({ login }) => same(login, org));
  const wanted = named ?? org;
  if (wanted === undefined) {
    if (allowed.length > 1) throw new ServiceError("invalid_request", `org: say which of ${logins(allowed)}`);
    return allowed[0];
  }
  const found = allowed.find(({ login }) => same(login, wanted));
  if (found !== undefined || (org !== undefined && same(org, wanted)) || organizations.length === 0) return found;
  const choice = org ?? logins(allowed);
  throw new ServiceError("invalid_request", `org: this client may ask about ${choice} only`);
}

/** GitHub logins are ASCII, so lower case is safe here. */
function same(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

function logins(organizations: readonly ServedOrganization[]): string {
  return organizations.map(({ login }) => login).join(", ");
}
