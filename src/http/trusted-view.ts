import type { View } from "../domain/decide.ts";
import { ServiceError } from "../errors.ts";
import type { ServedOrganization } from "./service.ts";

const NOT_SYNCED = "Not everything has been read from GitHub yet.";
const STALE =
  "GitHub has not confirmed for too long who belongs to the organization; /readyz says what keeps us from asking.";

/** What is known of an organization, or `unavailable` while too little of it is: a list that lacks what nobody knows would lie. */
export function trustedView(organization: ServedOrganization | undefined): View {
  const view = organization?.view();
  if (view !== undefined && view.access.asOf < view.freshSince) throw new ServiceError("unavailable", STALE);
  if (view?.ready !== true) throw new ServiceError("unavailable", NOT_SYNCED);
  return view;
}
