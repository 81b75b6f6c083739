import type { OrganizationId, UserId } from "../domain/facts.ts";
import type { Session } from "../github/session.ts";
import type { ServedOrganization } from "../http/service.ts";
import { personOf } from "../state/directory.ts";

/** What the HTTP side sees of the sessions. */
export function servedOrganizations(sessions: readonly Session[]): readonly ServedOrganization[] {
  return sessions.map(({ view, confirm, organization: { id } }) => ({
    id,
    login: view().organization.login,
    view,
    confirm,
  }));
}

/**
 * Whether an organization is served.
 *
 * @param wanted logins in lower case; empty: whichever there is
 * @returns `undefined` while not all that shall be served are: it may be one of them
 */
export function isServed(
  id: OrganizationId,
  sessions: readonly Session[],
  wanted: readonly string[],
): boolean | undefined {
  if (sessions.some(({ organization }) => organization.id === id)) return true;
  return sessions.length >= Math.max(1, wanted.length) ? false : undefined;
}

/** What somebody is called now: the label that came last, and no key. `undefined`: none of these organizations knows them. */
export function loginIn(
  organizations: readonly OrganizationId[],
  user: UserId,
  sessions: readonly Session[],
): string | undefined {
  for (const { organization, view } of sessions) {
    if (!organizations.includes(organization.id)) continue;
    const person = personOf(view(), user);
    if (person !== undefined) return person.login;
  }
  return undefined;
}
