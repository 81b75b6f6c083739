import { crowdsOf } from "./crowds.ts";
import type { View } from "./decide.ts";
import type { UserId } from "./facts.ts";
import type { Kin, Person } from "./kindred.ts";
import { kindredOf } from "./kindred.ts";
import { madeOnce } from "./made-once.ts";
import type { PackageName } from "./package-name.ts";
import { perRevision } from "./per-revision.ts";
import { finish } from "./steps.ts";

/** Somebody we know. */
export type Known = Person & { readonly user: NonNullable<Person["user"]> };

const crowdsIn = perRevision((view) => {
  const kindred = finish(kindredOf(view, view));
  const people = kindred.flatMap((kin) => kin.people.filter(isKnown)).toSorted((a, b) => a.place - b.place);
  return { people, crowds: crowdsOf(view, view, kindred) };
});

/** Everybody we know, by login; the same objects for as long as nothing changes. */
export function everybodyIn(view: View): readonly Known[] {
  return crowdsIn(view).people;
}

/**
 * Asks about everybody we know and one package, but once for all who are decided alike: there are few kinds of people
 * among thousands. What they were given on it may come from different teams; what that comes to is the same.
 *
 * @param ask asks about one of them
 * @returns what was said of each, as long as it is asked about no other package
 */
export function askForAll<T>(
  view: View,
  name: PackageName,
  ask: (user: UserId) => T,
): (person: Known) => T | undefined {
  const answers = new Map<Kin, T[]>();
  for (const { one } of crowdsIn(view).crowds(name)) {
    if (isKnown(one)) madeOnce(answers, one.kin, () => [])[one.given] = ask(one.user.id);
  }
  return ({ kin, given }) => answers.get(kin)?.[given];
}

function isKnown(person: Person): person is Known {
  return person.user !== undefined;
}
