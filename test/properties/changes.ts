import * as fc from "fast-check";
import type { Revocation } from "../../src/state/revoke.ts";
import type { Slice } from "../../src/state/slice.ts";
import type { Store } from "../../src/state/store.ts";
import {
  anyAccess,
  anyCustomRoles,
  anyMembers,
  anyOrganization,
  anyOrganizationRoles,
  anyPolicy,
  anyRepository,
  anyRepositoryFact,
  anyRole,
  anyTeam,
  anyTeamMembers,
  anyTeams,
  anyUser,
  REPOSITORIES,
} from "./arbitraries.ts";

const asOf = fc.nat(9);
const orGone = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 6 });

/** Any slice, as if read from GitHub at any time. */
export const anySlice: fc.Arbitrary<Slice> = fc.oneof(
  fc.record({ kind: fc.constant("organization" as const), asOf, value: anyOrganization }),
  fc.record({ kind: fc.constant("policy" as const), asOf, value: anyPolicy }),
  fc.record({ kind: fc.constant("members" as const), asOf, value: anyMembers }),
  fc.record({ kind: fc.constant("teams" as const), asOf, value: anyTeams }),
  fc.record({ kind: fc.constant("organization-roles" as const), asOf, value: anyOrganizationRoles }),
  fc.record({ kind: fc.constant("custom-roles" as const), asOf, value: anyCustomRoles }),
  fc.record({
    kind: fc.constant("repositories" as const),
    asOf,
    value: fc.subarray([...REPOSITORIES]).map((ids) => new Set<number>(ids)),
  }),
  fc.record({ kind: fc.constant("team-members" as const), asOf, id: anyTeam, value: orGone(anyTeamMembers) }),
  fc.record({ kind: fc.constant("repository" as const), asOf, id: anyRepository, value: orGone(anyRepositoryFact) }),
  fc.record({ kind: fc.constant("access" as const), asOf, id: anyRepository, value: orGone(anyAccess) }),
);

const atMost = fc.option(anyRole, { nil: undefined }).map((role) => (role === undefined ? {} : { atMost: role }));

export const anyRevocation: fc.Arbitrary<Revocation> = fc.oneof(
  fc.record({ kind: fc.constant("member" as const), user: anyUser }),
  fc.record({ kind: fc.constant("team-member" as const), team: anyTeam, user: anyUser }),
  fc.record({ kind: fc.constant("team" as const), team: anyTeam }),
  fc
    .tuple(fc.record({ kind: fc.constant("team-grant" as const), team: anyTeam, repository: anyRepository }), atMost)
    .map(([revocation, cap]) => ({ ...revocation, ...cap })),
  fc
    .tuple(fc.record({ kind: fc.constant("collaborator" as const), user: anyUser, repository: anyRepository }), atMost)
    .map(([revocation, cap]) => ({ ...revocation, ...cap })),
  fc.record({ kind: fc.constant("blocked" as const), user: anyUser }),
  fc.record({ kind: fc.constant("repository" as const), repository: anyRepository }),
  fc.record({ kind: fc.constant("archived" as const), repository: anyRepository }),
  fc.record({ kind: fc.constant("private" as const), repository: anyRepository }),
);

/** Something that happens to a store. */
export type Change =
  | { readonly kind: "apply"; readonly slices: readonly Slice[] }
  | { readonly kind: "revoke"; readonly revocation: Revocation }
  | { readonly kind: "expire" | "forget" };

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("apply" as const),
      slices: fc.array(anySlice, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("revoke" as const), revocation: anyRevocation }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("expire" as const, "forget" as const) }) },
);

export function happen(store: Store, change: Change): void {
  if (change.kind === "apply") store.apply(change.slices);
  else if (change.kind === "revoke") store.revoke(change.revocation);
  else if (change.kind === "expire") store.expire();
  else store.forget();
}
