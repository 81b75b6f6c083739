import { ServiceError } from "../errors.ts";
import type { HttpService, IndexClient, ServedOrganization } from "./service.ts";

/**
 * Which organization a request is about: the one it names, or the only one its client may ask about.
 * A client bound to an organization reaches no other.
 *
 * @param service with the organizations served, and those that shall be
 * @param named the login the request gives, in any letter case
 * @returns `undefined` while the organization is not being served, so that nothing is known of it
 */
export function organizationFor(
  { organizations: served, wanted: configured }: Pick<HttpService, "organizations" | "wanted">,
  { org }: IndexClient,
  named: string | undefined,
): ServedOrganization | undefined {
  const organizations = served();
  const allowed = org === undefined ? organizations : organizations.filter(({ login }) => same(login, org));
  const wanted = named ?? org;
  if (wanted === undefined) {
    const all = configured.length > 0 ? configured : allowed.map(({ login }) => login);
    if (all.length > 1) throw new ServiceError("invalid_request", `org: say which of ${all.join(", ")}`);
    return allowed[0];
  }
  const found = allowed.find(({ login }) => same(login, wanted));
  // One that shall be served and is not yet is unknown, not forbidden.
  const expected = org === undefined ? configured : [org];
  if (found !== undefined || expected.some((login) => same(login, wanted)) || organizations.length === 0) return found;
  const choice = org ?? allowed.map(({ login }) => login).join(", ");
  throw new ServiceError("invalid_request", `org: this client may ask about ${choice} only`);
}

/** GitHub logins are ASCII, so lower case is safe here. */
function same(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}
