import type { CompiledAccess } from "../../src/domain/access.ts";
import { grantOf, suffices } from "../../src/domain/grant-book.ts";
import type { Grant } from "../../src/domain/grants.ts";
import { everywhereOf, inTeam } from "../../src/domain/memberships.ts";
import { isContested, isRetired, repositoryIn } from "../../src/domain/standings.ts";
import { HEADER, NOWHERE, wordAt } from "../../src/domain/stretches.ts";

/** What compiled access says, wherever its layout has it: two with different pasts can only be compared like this. */
export function spread(access: CompiledAccess) {
  const { tree, members, repositories, book, base, memberships, stretches, everywhereKnown, unread, asOf } = access;
  const { words, places, rows, numbers } = stretches;
  const ids = [...numbers.keys()];
  const pairs = (from: number, to: number): [number, Grant | undefined][] =>
    Array.from({ length: (to - from) / 2 }, (_, index) => [
      wordAt(words, from + 2 * index),
      grantOf(book, wordAt(words, from + 2 * index + 1)),
    ]);
  const stretch = (number: number, place: number) => {
    const header = (name: keyof typeof HEADER): number => wordAt(words, place + HEADER[name]);
    return {
      row: rows[number],
      asOf: header("asOf"),
      permitted: header("permitted"),
      visible: grantOf(book, header("visible")),
      open: grantOf(book, header("open")),
      teams: pairs(place + HEADER.length, header("collaborators")),
      collaborators: pairs(header("collaborators"), header("end")),
    };
  };
  const member = (number: number) => ({
    everywhere: [0, 1, 2, 3, 4, 5].map((question) => {
      const strength = everywhereOf(memberships, number, question);
      return [grantOf(book, strength), suffices(strength)];
    }),
    teams: tree.lineage.flatMap((_, team) => (inTeam(memberships.teams, number, team) ? [team] : [])),
  });
  return {
    tree,
    members: new Map(
      [...members].map(([user, row]) => [
        user,
        { ...row, everywhere: row.everywhere.map((strength) => grantOf(book, strength)) },
      ]),
    ),
    repositories,
    base: grantOf(book, base),
    memberships: new Map([...memberships.numbers].map(([user, number]) => [user, member(number)])),
    stretches: new Map(
      places.flatMap((place, number) => (place === NOWHERE ? [] : [[ids[number], stretch(number, place)] as const])),
    ),
    names: new Map(
      [...access.names].map(([name, standing]) => [
        name,
        { repository: ids[repositoryIn(standing)], contested: isContested(standing), retired: isRetired(standing) },
      ]),
    ),
    rules: access.rules,
    servesEveryone: access.servesEveryone,
    everywhereKnown,
    unread,
    asOf,
  };
}
