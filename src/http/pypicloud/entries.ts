import type { View } from "../../domain/decide.ts";
import type { Known } from "../../domain/decided-alike.ts";
import { everybodyIn } from "../../domain/decided-alike.ts";
import type { UserId } from "../../domain/facts.ts";
import { perRevision } from "../../domain/per-revision.ts";
import { resolveUser } from "../../state/directory.ts";
import type { Words } from "./words.ts";
import { NAMED, NO_WORDS, wordsIn } from "./words.ts";

/** Where, among everybody, other words begin, and which: place, words, place, words… */
export type Runs = Uint32Array;

/**
 * Everybody's entries in the map of a package. To write thousands takes milliseconds, and to keep them a hundred kilobytes;
 * but a map is made of long runs of people who may do the same, and those are written once for all packages.
 */
export interface Entries {
  readonly runs: (wordsOf: (person: Known) => Words | undefined) => Runs;
  /** A map as JSON. Of those who have none nothing is said, nor of those whose login is in doubt: it leads to nobody. */
  readonly json: (runs: Runs) => Buffer;
  /** Who has any of these words. */
  readonly having: (runs: Runs, words: Words) => UserId[];
  /** What one of them has. */
  readonly wordsOf: (runs: Runs, user: UserId) => Words;
  /** The same, but that some do not have these words. */
  readonly without: (runs: Runs, words: Words, users: readonly UserId[]) => Runs;
}

export const entriesOf: (view: View) => Entries = perRevision((view) => {
  const people = everybodyIn(view).filter(({ user }) => leadsTo(view, user.id, user.login));
  const places = new Map(people.map(({ user }, place) => [user.id, place]));
  const written: (Written | undefined)[] = [];
  const write = (words: Words): Written => {
    const value = JSON.stringify(wordsIn(words));
    return writeAll(people.map(({ user }) => `${JSON.stringify(user.login)}:${value},`));
  };
  const writtenWith = (words: Words): Written => (written[words] ??= write(words));
  return {
    runs: (wordsOf) => {
      const runs: number[] = [];
      let last = NO_WORDS;
      for (const [place, person] of people.entries()) {
        const mine = wordsOf(person) ?? NO_WORDS;
        if (mine !== last) runs.push(place, mine);
        last = mine;
      }
      return Uint32Array.from(runs);
    },
    json: (runs) => {
      let length = 0;
      forEachRun(runs, people.length, (begin, end, words) => {
        const { begins } = writtenWith(words);
        length += (begins[end] ?? 0) - (begins[begin] ?? 0);
      });
      if (length === 0) return EMPTY;
      const json = Buffer.allocUnsafe(length + 1);
      let at = json.write("{");
      forEachRun(runs, people.length, (begin, end, words) => {
        const { all, begins } = writtenWith(words);
        at += all.copy(json, at, begins[begin], begins[end]);
      });
      // Where the comma behind the last one stands.
      json.write("}", length);
      return json;
    },
    having: (runs, words) => {
      const found: UserId[] = [];
      forEachRun(runs, people.length, (begin, end, mine) => {
        if (mine & words) for (const { user } of people.slice(begin, end)) found.push(user.id);
      });
      return found;
    },
    wordsOf: (runs, user) => {
      const place = places.get(user);
      return place === undefined ? NO_WORDS : wordsAt(runs, place);
    },
    without: (runs, words, users) => {
      const theirs = users.flatMap((id) => places.get(id) ?? []).toSorted((a, b) => a - b);
      const left: number[] = [];
      let next = 0;
      forEachRun(runs, people.length, (begin, end, mine) => {
        let from = begin;
        for (let place = theirs[next]; place !== undefined && place < end; place = theirs[++next]) {
          if (place < begin) continue;
          left.push(from, mine, place, (mine & ~words) | NAMED);
          from = place + 1;
        }
        left.push(from, mine, end, NO_WORDS);
      });
      return Uint32Array.from(left);
    },
  };
});

const EMPTY = Buffer.from("{}");

/** The words of the last run that begins at this place or before. */
function wordsAt(runs: Runs, place: number): Words {
  let [low, high] = [0, runs.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[2 * middle] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? NO_WORDS : (runs[2 * low - 1] ?? NO_WORDS);
}

/** @param take called with the place of the first, that behind the last, and the words that all between them have */
function forEachRun(runs: Runs, length: number, take: (begin: number, end: number, words: Words) => void): void {
  for (let at = 0; at < runs.length; at += 2) {
    const words = runs[at + 1] ?? NO_WORDS;
    if (words !== NO_WORDS) take(runs[at] ?? 0, runs[at + 2] ?? length, words);
  }
}

/** Texts one after the other, in UTF-8, and where each of them begins; and the last one ends. */
interface Written {
  readonly all: Buffer;
  readonly begins: Uint32Array;
}

function writeAll(texts: readonly string[]): Written {
  const begins = new Uint32Array(texts.length + 1);
  for (const [place, text] of texts.entries()) begins[place + 1] = (begins[place] ?? 0) + Buffer.byteLength(text);
  return { all: Buffer.from(texts.join("")), begins };
}

function leadsTo(view: View, id: UserId, login: string): boolean {
  const resolution = resolveUser(view, login);
  return resolution.status === "known" && resolution.person.id === id;
}
