import type { Subject, View } from "../../../src/domain/decide.ts";
import { decide } from "../../../src/domain/decide.ts";
import type { Facts, RepositoryId, TeamId, UserId } from "../../../src/domain/facts.ts";
import type { PackageName } from "../../../src/domain/package-name.ts";
import type { Permission } from "../../../src/domain/roles.ts";
import { PERMISSIONS } from "../../../src/domain/roles.ts";
import type { Slice } from "../../../src/state/slice.ts";
import { packageName } from "../../domain/facts-builder.ts";
import type { Random } from "../../simulator/random.ts";
import { pick } from "./edits.ts";

/** Who may have gained or lost something by a change, and where. */
export interface Concerned {
  readonly people: readonly UserId[];
  readonly repositories: readonly RepositoryId[];
}

/** As far as these facts tell, and without inheritance. */
export function concernedBy(slices: readonly Slice[], { teamMembers, access }: Facts): Concerned {
  const teams = new Set<TeamId>();
  const people: UserId[] = [];
  const repositories: RepositoryId[] = [];
  for (const slice of slices) {
    if (slice.kind === "team-members") {
      teams.add(slice.id);
      for (const [id, { value }] of access) if (value.teams.has(slice.id)) repositories.push(id);
    } else if (slice.kind === "access" || slice.kind === "repository") {
      repositories.push(slice.id);
      const granted = access.get(slice.id)?.value;
      people.push(...(granted?.collaborators.keys() ?? []));
      for (const team of granted?.teams.keys() ?? []) teams.add(team);
    }
  }
  for (const team of teams) people.push(...(teamMembers.get(team)?.value ?? []));
  return { people, repositories };
}

interface Question {
  readonly subject: Subject;
  readonly permission: Permission;
  readonly name: PackageName;
}

/** A sample of all questions, most of them of what the last changes concerned. */
export function someQuestions({ facts, claims }: View, about: readonly Concerned[], random: Random): Question[] {
  const people = about.flatMap((each) => each.people);
  const anybody = [...people, ...(facts.members?.value.keys() ?? [])];
  const subjects: readonly Subject[] = [
    { kind: "everyone" },
    { kind: "workload", repository: pick(random, facts.repositories)[0] },
    ...Array.from({ length: 12 }, (_, index): Subject => ({
      kind: "user",
      id: random.pick(index % 4 > 0 && people.length > 0 ? people : anybody),
    })),
  ];
  const repositories = new Set<number | undefined>(about.flatMap((each) => each.repositories));
  const concerned = [...claims].flatMap(([name, { repository }]) => (repositories.has(repository) ? [name] : []));
  const claimed = [...claims.keys()];
  const others = Array.from({ length: 20 }, () => random.pick(claimed));
  const names = [...concerned.slice(-20), ...others, packageName("acme-unheard-of")];
  return subjects.flatMap((subject) =>
    names.flatMap((name) => PERMISSIONS.map((permission) => ({ subject, permission, name }))),
  );
}

/** Each question with its answer, and all there is to it: a line. */
export function answers(view: View, questions: readonly Question[]): string[] {
  return questions.map(({ subject, permission, name }) => {
    const { outcome, reason, repository, grant, rule, asOf } = decide(view, subject, permission, name, INDEX);
    const why = `${repository?.name} ${grant?.team} ${grant?.role.name} ${rule?.line} ${asOf}`;
    return `${outcome} ${reason}: ${"id" in subject ? subject.id : subject.kind} ${permission} ${name}; ${why}`;
  });
}

const INDEX = { index: "index-a" };
