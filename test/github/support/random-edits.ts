import * as fc from "fast-check";
import type { Organization, Repository, Simulator, Team, User } from "../../simulator/index.ts";

/** One edit of an organization, in numbers: which, and on what. Made real only against the organization as it then is. */
export interface Step {
  readonly edit: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export const steps = (maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ edit: fc.nat(999), a: fc.nat(99), b: fc.nat(99), c: fc.nat(99) }), { minLength: 1, maxLength });

const ROLES = ["read", "triage", "write", "maintain", "admin"] as const;

/** Edits that GitHub announces; each picks from what is there, and does nothing where there is nothing to pick. */
export function apply({ edit, world }: Simulator, organization: Organization, step: Step, prefix: string): void {
  const { a, b, c } = step;
  const pick = <T>(from: Iterable<T>, n: number): T | undefined => {
    const all = [...from];
    return all[n % Math.max(1, all.length)];
  };
  const teams = (): Iterable<Team> => organization.teams.values();
  const repositories = (): Repository[] => [...organization.repositories.values()].filter(({ archived }) => !archived);
  const users = (): User[] => [...world.users.values()];
  const members = (): User[] => users().filter(({ id }) => organization.members.has(id));
  const isFree = ({ id }: User): boolean => !organization.members.has(id) && !organization.blocked.has(id);
  const role = ROLES[c % ROLES.length] ?? "read";
  const [team, repository, anybody] = [pick(teams(), a), pick(repositories(), b), pick(users(), c)];
  const [member, stranger] = [pick(members(), b), pick(users().filter(isFree), a)];

  const manifest = (name: string): Record<string, string> => ({
    "pyproject.toml": `[project]\nname = "${prefix}-${name}"\n`,
  });
  const choices: readonly (() => unknown)[] = [
    () => team && member && edit.addTeamMember(team, member),
    () => team && member && edit.removeTeamMember(team, member),
    () => stranger && edit.addMember(organization, stranger),
    () => member && members().length > 1 && edit.removeMember(organization, member),
    () => member && members().length > 1 && edit.convertToOutsideCollaborator(organization, member),
    () => stranger && edit.blockUser(organization, stranger),
    () => edit.createTeam(organization, { name: `team-${a}-${b}-${c}`, ...(team && { parent: team }) }),
    () => team && edit.deleteTeam(team),
    () => team && repository && edit.setTeamRepository(team, repository, role),
    () => team && repository && edit.removeTeamRepository(team, repository),
    () =>
      repository && anybody && !organization.blocked.has(anybody.id) && edit.setCollaborator(repository, anybody, role),
    () => repository && anybody && edit.removeCollaborator(repository, anybody),
    () => repository && edit.archiveRepository(repository),
    // From internal to private GitHub says nothing.
    () =>
      repository &&
      repository.visibility !== "internal" &&
      edit.setVisibility(repository, c % 2 === 0 ? "public" : "private"),
    () => repository && edit.push(repository, { write: manifest(`from-${repository.id}`) }),
    () => repository && edit.renameRepository(repository, `renamed-${a}-${b}-${c}-${step.edit}`),
    () =>
      edit.createRepository(organization, {
        name: `new-${a}-${b}-${c}-${step.edit}`,
        files: manifest(`new-${a}-${b}-${c}-${step.edit}`),
        ...(member && { creator: member }),
      }),
    () => repository && repositories().length > 3 && edit.deleteRepository(repository),
  ];
  choices[step.edit % choices.length]?.();
}
