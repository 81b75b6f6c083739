import type { Organization, Simulator } from "../../test/simulator/index.ts";
import { createRandom } from "../../test/simulator/random.ts";
import type { Announcement } from "./messages.ts";

const HOT_TEAMS = 50;
const HOT_REPOSITORIES = 200;

/** Makes changes where it is busy, and keeps what GitHub would tell of them, signed, instead of sending it. */
export async function announcements(
  github: Simulator,
  organization: Organization,
  count: number,
): Promise<Announcement[]> {
  const { edit, world } = github;
  const random = createRandom(count);
  const announced: Announcement[] = [];
  github.deliverTo(({ headers, body }) => {
    announced.push({ headers, body });
    return Promise.resolve(202);
  });
  const members = [...organization.members.keys()].flatMap((id) => world.users.get(id) ?? []);
  const teams = [...organization.teams.values()].slice(0, HOT_TEAMS);
  const repositories = [...organization.declared.keys()]
    .flatMap((id) => organization.repositories.get(id) ?? [])
    .filter(({ archived }) => !archived)
    .slice(0, HOT_REPOSITORIES);
  const edits = [
    () => edit.addTeamMember(random.pick(teams), random.pick(members)),
    () =>
      edit.setTeamRepository(random.pick(teams), random.pick(repositories), random.pick(["read", "write", "maintain"])),
    () =>
      edit.setCollaborator(random.pick(repositories), random.pick(members), random.pick(["read", "write", "admin"])),
    () => {
      const team = random.pick(teams.filter(({ members: { size } }) => size > 0));
      const gone = world.users.get(random.pick([...team.members.keys()]));
      if (gone !== undefined) edit.removeTeamMember(team, gone);
    },
  ];
  while (announced.length < count) {
    random.pick(edits)();
    await github.settle();
  }
  return announced;
}
