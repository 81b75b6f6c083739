import type { CompiledAccess } from "../../src/domain/access.ts";
import { word } from "../../src/domain/bits.ts";
import { grantOf, suffices } from "../../src/domain/grant-book.ts";
import type { Grant } from "../../src/domain/grants.ts";
import { everywhereOf, inTeam } from "../../src/domain/memberships.ts";
import { isContested, isRetired, repositoryIn } from "../../src/domain/standings.ts";
import { COLLABORATOR_WORDS, HEADER, NOWHERE, TEAM_WORDS, wholeAt, wordAt } from "../../src/domain/stretches.ts";

/** What compiled access says, wherever its layout has it: two with different pasts can only be compared like this. */
export function spread(access: CompiledAccess) {
  const { tree, members, repositories, book, base, memberships, stretches, everywhereKnown, unread, asOf } = access;
  const { words, places, rows, numbers } = stretches;
  const { anyIndex, indexes, sets } = access.rules;
  const ids = [...numbers.keys()];
  const given = (
    from: number,
    to: number,
    step: number,
    holderAt: (words: Int32Array, at: number) => number,
  ): [number, Grant | undefined][] =>
    Array.from({ length: (to - from) / step }, (_, index) => [
      holderAt(words, from + step * index),
      grantOf(book, wordAt(words, from + step * (index + 1) - 1)),
    ]);
  const stretch = (number: number, place: number) => {
    const header = (name: keyof typeof HEADER): number => wordAt(words, place + HEADER[name]);
    return {
      row: rows[number],
      asOf: wholeAt(words, place + HEADER.asOf),
      permitted: header("permitted"),
      visible: grantOf(book, header("visible")),
      open: grantOf(book, header("open")),
      unlisted: header("unlisted"),
      teams: given(place + HEADER.length, header("collaborators"), TEAM_WORDS, wordAt),
      collaborators: given(header("collaborators"), header("end"), COLLABORATOR_WORDS, wholeAt),
    };
  };
  const member = (number: number) => ({
    everywhere: [0, 1, 2, 3, 4, 5].map((question) => {
      const strength = everywhereOf(memberships, number, question);
      return [grantOf(book, strength), suffices(strength)];
    }),
    teams: tree.lineage.flatMap((_, team) => (inTeam(memberships, number, team) ? [team] : [])),
    statements: Array.from({ length: memberships.width - memberships.statementsAt }, (_, at) =>
      word(memberships.rows, number * memberships.width + memberships.statementsAt + at),
    ),
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
    rules: {
      ...access.rules,
      foundIn: undefined,
      sets: sets.numbers,
      anyIndex: anyIndex.rules,
      indexes: new Map([...indexes].map(([index, { rules }]) => [index, rules])),
    },
    servesEveryone: access.servesEveryone,
    everywhereKnown,
    unread,
    asOf,
  };
}
