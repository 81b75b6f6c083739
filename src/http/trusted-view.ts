import type { View } from "../domain/decide.ts";
import { ServiceError } from "../errors.ts";
import type { ServedOrganization } from "./service.ts";

const NOT_SYNCED = "Not everything has been read from GitHub yet.";
const STALE =
  "GitHub has not confirmed for too long who belongs to the organization; /readyz says what keeps us from asking.";

/** What is known of an organization, or `unavailable` before everything has been read: a list that lacks the rest would lie. */
export function completeView(organization: ServedOrganization | undefined): View {
  return complete(organization?.view());
}

/** The same, and `unavailable` also once it is too old to be believed. */
export function trustedView(organization: ServedOrganization | undefined): View {
  const view = organization?.view();
  if (view !== undefined && view.access.asOf < view.freshSince) throw new ServiceError("unavailable", STALE);
  return complete(view);
}

function complete(view: View | undefined): View {
  if (view?.ready !== true) throw new ServiceError("unavailable", NOT_SYNCED);
  return view;
}
