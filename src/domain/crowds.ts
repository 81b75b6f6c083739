import type { View } from "./decide.ts";
import type { TeamId, UserId } from "./facts.ts";
import type { Addition, Given } from "./given.ts";
import { additionsOf, NOTHING_GIVEN } from "./given.ts";
import type { Kin, Person } from "./kindred.ts";
import { madeOnce } from "./made-once.ts";
import type { PackageName } from "./package-name.ts";
import { membersOf } from "./team-search.ts";

/** People who are decided alike on a name: those who are alike in all else and were given the same. */
export interface Crowd {
  readonly one: Person;
  size: number;
}

/** Everybody in crowds, for one name after the other. */
export function crowdsOf(before: View, after: View, kindred: readonly Kin[]): (name: PackageName) => Iterable<Crowd> {
  const { facts } = before;
  const people = new Map(kindred.flatMap((kin) => kin.people.map((person) => [person.user?.id, person] as const)));
  const found = new Map<TeamId, Person[]>();
  const personsOf = (ids: Iterable<UserId>): Person[] =>
    Array.from(ids, (id) => people.get(id)).filter((person) => person !== undefined);
  const inTeam = (team: TeamId): readonly Person[] => madeOnce(found, team, () => personsOf(membersOf(before, team)));
  const additions = additionsOf(before, after);
  let holders: Person[] = [];

  const give = (add: Addition, to: readonly Person[]): void => {
    for (const person of to) {
      const had = person.given;
      person.given = add(had);
      if (had !== NOTHING_GIVEN || person.given === NOTHING_GIVEN) continue;
      holders.push(person);
      person.kin.left -= 1;
    }
  };
  return (name) => {
    for (const person of holders) {
      person.given = NOTHING_GIVEN;
      person.kin.left += 1;
    }
    holders = [];
    const [old, next] = [before, after].map(({ claims }) => claims.get(name)?.repository);
    for (const id of new Set([old, next])) {
      const { teams = [], collaborators = [] } = (id !== undefined && facts.access.get(id)?.value) || {};
      const counts = [id === old, id === next] as const;
      for (const [team, role] of teams) {
        give(additions({ kind: "team", role, counts }), inTeam(team));
      }
      for (const [user, { role }] of collaborators) {
        give(additions({ kind: "collaborator", role, counts }), personsOf([user]));
      }
    }
    return [...crowdsIn(holders), ...rest(kindred)];
  };
}

/** Who is in a crowd, as long as no other name is asked about. */
export function peopleIn({ one }: Crowd): Person[] {
  return one.kin.people.filter(({ given }) => given === one.given);
}

function crowdsIn(people: readonly Person[]): Iterable<Crowd> {
  const crowds = new Map<Given, Map<Kin, Crowd>>();
  const found: Crowd[] = [];
  let crowd: Crowd | undefined;
  for (const person of people) {
    const { given, kin } = person;
    // Those who are in one team mostly are alike.
    if (crowd?.one.given !== given || crowd.one.kin !== kin) {
      const byKin = madeOnce(crowds, given, () => new Map<Kin, Crowd>());
      crowd = madeOnce(byKin, kin, () => {
        const made = { one: person, size: 0 };
        found.push(made);
        return made;
      });
    }
    crowd.size += 1;
  }
  return found;
}

/** Those who were given nothing. */
function rest(kindred: readonly Kin[]): Crowd[] {
  const crowds: Crowd[] = [];
  for (const { people, left } of kindred) {
    if (left === 0) continue;
    for (const one of people) {
      if (one.given !== NOTHING_GIVEN) continue;
      crowds.push({ one, size: left });
      break;
    }
  }
  return crowds;
}
