import type { Facts, GitHubRole, Organization, PolicyReading } from "../../domain/facts.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Slice, SliceKey, SliceKind } from "../../state/slice.ts";
import { sliceId, sliceKind } from "../../state/slice.ts";
import type { Pair } from "../audit.ts";
import type { Client } from "../client.ts";
import { createPageSize, inPages } from "../page-size.ts";
import type { Person } from "../plans/plan.ts";
import type { Time } from "../time.ts";
import { readCollaborators, readRepositoryTeams } from "./access.ts";
import type { ManifestReaders } from "./manifests.ts";
import { readCustomRoles, readOrganization, readOrganizationRoles } from "./organization.ts";
import { readPermission } from "./permission.ts";
import { discoverPerson } from "./person.ts";
import { findOutdated } from "./polls.ts";
import { readMembers, readTeamMembers, readTeams } from "./people.ts";
import type { RepositoryReading } from "./repositories.ts";
import { readAllRepositories, readRepositories } from "./repositories.ts";

/** Reads slices from GitHub. Rejects with a `GitHubFailure`; what it emitted before that is whole and true. */
export interface Reader {
  /**
   * @param keys slices of one kind
   * @param facts what is known, for the labels and node ids that GitHub wants to be asked by
   * @param emit takes slices as soon as they are complete
   */
  read: (keys: readonly SliceKey[], facts: Facts, emit: (slices: Slice[]) => void) => Promise<void>;
  /** The slices that a person's coming or going may have changed without an event of its own. */
  discover: (person: Person, facts: Facts) => Promise<SliceKey[]>;
  /** The slices of which GitHub tells nobody when they change, as far as they may have changed. */
  outdated: (facts: Facts) => Promise<SliceKey[]>;
  /** What GitHub itself makes of everything that gives somebody a role on a repository. */
  permission: (pair: Pair) => Promise<GitHubRole | undefined>;
}

export interface ReaderOptions {
  readonly client: Client;
  readonly organization: { readonly id: number; readonly login: string };
  /** What to read of each repository, as the policy has it. */
  readonly manifests: (policy: Policy) => ManifestReaders;
  /** What stands now where the organization keeps its policy. Rejects with a `GitHubFailure`. */
  readonly readPolicy: (client: Client, organization: Pick<Organization, "id" | "login">) => Promise<PolicyReading>;
  /** The policy in force. */
  readonly policy: () => Policy;
  readonly time: Time;
}

/** How many slices of a kind are worth one call of {@link Reader.read}. */
export const BATCH: Readonly<Record<SliceKind, number>> = {
  organization: 1,
  policy: 1,
  members: 1,
  teams: 1,
  "organization-roles": 1,
  "custom-roles": 1,
  repositories: 1,
  "team-members": 25,
  repository: 50,
  access: 25,
};

export function createReader(options: ReaderOptions): Reader {
  const { client, organization, time } = options;
  // Repositories with file contents are GitHub's heaviest nodes: 25 survive everywhere, 100 do not.
  const sizes = { pageSize: createPageSize(25, 50), fileSize: createPageSize(50, 50) };
  const nodes = createPageSize(25, 25);

  const loginIn = (facts: Facts): string => facts.organization?.value.login ?? organization.login;

  const policySlice = async (login: string): Promise<Slice> => {
    const asOf = time.now();
    return { kind: "policy", asOf, value: await options.readPolicy(client, { ...organization, login }) };
  };

  /** Where to look in repositories is for the policy to say, so nothing is read of them before that is known. */
  const repositoryReading = async (facts: Facts, emit: (slices: Slice[]) => void): Promise<RepositoryReading> => {
    if (facts.policy === undefined) emit([await policySlice(loginIn(facts))]);
    const readers = options.manifests(options.policy());
    return { client, organization: organization.id, readers, ...sizes, time };
  };

  const readShared = async (kind: SliceKind, login: string, emit: (slices: Slice[]) => void): Promise<void> => {
    const asOf = time.now();
    if (kind === "organization") emit([{ kind, asOf, value: await readOrganization(client, organization.id) }]);
    if (kind === "policy") emit([await policySlice(login)]);
    if (kind === "members") emit([{ kind, asOf, value: await readMembers(client, login) }]);
    if (kind === "teams") emit([{ kind, asOf, value: await readTeams(client, login) }]);
    if (kind === "organization-roles")
      emit([{ kind, asOf, value: await readOrganizationRoles(client, { ...organization, login }) }]);
    if (kind === "custom-roles")
      emit([{ kind, asOf, value: await readCustomRoles(client, { ...organization, login }) }]);
  };

  const readTeamSlices = async (
    ids: readonly number[],
    facts: Facts,
    emit: (slices: Slice[]) => void,
  ): Promise<void> => {
    const asOf = time.now();
    const known = ids.map((id) => ({ id, nodeId: facts.teams?.value.get(id)?.nodeId }));
    // A team that the skeleton does not list is gone, or will be named when the skeleton has been read.
    emit(
      known.flatMap(({ id, nodeId }) =>
        nodeId === undefined ? [{ kind: "team-members", id, asOf, value: undefined }] : [],
      ),
    );
    await inPages(nodes, known.flatMap(findable), async (some) => {
      const found = await readTeamMembers(
        client,
        some.map(({ nodeId }) => nodeId),
      );
      emit(some.map(({ id }) => ({ kind: "team-members", id, asOf, value: found.get(id) })));
    });
  };

  const readAccessSlices = async (
    ids: readonly number[],
    facts: Facts,
    emit: (slices: Slice[]) => void,
  ): Promise<void> => {
    const asOf = time.now();
    const known = ids.map((id) => ({ id, nodeId: facts.repositories.get(id)?.value.nodeId }));
    emit(
      known.flatMap(({ id, nodeId }) => (nodeId === undefined ? [{ kind: "access", id, asOf, value: undefined }] : [])),
    );
    await inPages(nodes, known.flatMap(findable), async (some) => {
      const collaborators = await readCollaborators(
        client,
        some.map(({ nodeId }) => nodeId),
      );
      const slices = some.map(async ({ id }): Promise<Slice> => {
        const direct = collaborators.get(id);
        if (direct === undefined) return { kind: "access", id, asOf, value: undefined };
        const teams = await readRepositoryTeams(client, id);
        return { kind: "access", id, asOf, value: teams && { collaborators: direct, teams } };
      });
      // One repository that GitHub will not show must not keep the others from being known.
      const settled = await Promise.allSettled(slices);
      emit(settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
      for (const each of settled) if (each.status === "rejected") throw each.reason;
    });
  };

  return {
    discover: (person, facts) => discoverPerson(client, loginIn(facts), person, facts),
    outdated: (facts) => findOutdated(client, loginIn(facts), facts),
    permission: (pair) => readPermission(client, pair),
    read: async (keys, facts, emit) => {
      const [first] = keys;
      if (first === undefined) return;
      const kind = sliceKind(first);
      const ids = keys.flatMap((key) => sliceId(key) ?? []);
      if (kind === "team-members") await readTeamSlices(ids, facts, emit);
      else if (kind === "access") await readAccessSlices(ids, facts, emit);
      else if (kind === "repository") {
        const wanted = new Map(ids.map((id) => [id, facts.repositories.get(id)?.value.nodeId]));
        await readRepositories(await repositoryReading(facts, emit), wanted, emit);
      } else if (kind === "repositories")
        await readAllRepositories(await repositoryReading(facts, emit), loginIn(facts), emit);
      else await readShared(kind, loginIn(facts), emit);
    },
  };
}

/** What GitHub can be asked about by node id. */
function findable({ id, nodeId }: { readonly id: number; readonly nodeId: string | undefined }) {
  return nodeId === undefined ? [] : [{ id, nodeId }];
}
