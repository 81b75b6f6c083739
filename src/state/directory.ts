import type { View } from "../domain/decide.ts";
import type { UserId } from "../domain/facts.ts";
import type { Labels } from "./labels.ts";
import { labelsOf } from "./labels.ts";

export interface Person {
  readonly id: UserId;
  readonly login: string;
}

/** Whom a text means: a login in any letter case, or a numeric id. */
export type Resolution =
  | { readonly status: "known"; readonly person: Person }
  /** Neither a member nor a collaborator anywhere. */
  | { readonly status: "unknown" }
  /** The labels contradict each other; nobody may be picked. */
  | { readonly status: "ambiguous" };

const UNKNOWN: Resolution = { status: "unknown" };
const AMBIGUOUS: Resolution = { status: "ambiguous" };

// Other scripts have letters whose lower case is ASCII (U+212A, the Kelvin sign, becomes "k"): they name nobody.
const ASCII = /^[!-~]+$/;
const NUMERIC_ID = /^[1-9][0-9]{0,15}$/;

/**
 * Finds a person. Logins are labels that change hands, so a login picks somebody only if exactly one id carries it
 * and that id carries no other. A login may consist of digits alone: a text that is one person's login and
 * another's id picks nobody.
 */
export function resolveUser(view: View, text: string): Resolution {
  if (!ASCII.test(text)) return UNKNOWN;
  const labels = labelsOf(view);
  const numbered = NUMERIC_ID.test(text) ? personIn(labels, Number(text)) : undefined;
  const carriers = labels.carriers.get(text.toLowerCase())?.keys() ?? [];
  const [named, ...others] = Array.from(carriers, (id) => personIn(labels, id));
  if (named === undefined) return numbered === undefined ? UNKNOWN : { status: "known", person: numbered };
  const isSomebodyElse = numbered !== undefined && numbered.id !== named.id;
  if (others.length > 0 || isSomebodyElse || isRenamed(labels, named.id)) return AMBIGUOUS;
  return { status: "known", person: named };
}

/** Somebody known by id: a member or a collaborator, under the member's login where both lists have one. */
export function personOf(view: View, id: UserId): Person | undefined {
  return personIn(labelsOf(view), id);
}

/** Everybody who is known, by login. */
export function everybody(view: View): readonly Person[] {
  const labels = labelsOf(view);
  const people = Array.from(labels.logins.keys(), (id) => personIn(labels, id));
  return people.filter((person) => person !== undefined).toSorted((a, b) => (a.login < b.login ? -1 : 1));
}

function personIn({ logins }: Labels, id: UserId): Person | undefined {
  const login = logins.get(id)?.keys().next().value;
  return login === undefined ? undefined : { id, login };
}

/** Whether lists disagree on what somebody is called. */
function isRenamed({ logins }: Labels, id: UserId): boolean {
  const all = logins.get(id);
  return all !== undefined && all.size > 1 && new Set(Array.from(all.keys(), (login) => login.toLowerCase())).size > 1;
}
