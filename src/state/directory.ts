import type { View } from "../domain/decide.ts";
import type { Facts, UserId } from "../domain/facts.ts";

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

/** Who is known by which login, over the members and the collaborators of one revision. */
interface Directory {
  readonly revision: number;
  readonly from: Pick<Facts, "members" | "access">;
  /** By lower-case login; `undefined` where the label is in doubt. */
  readonly byLogin: ReadonlyMap<string, Person | undefined>;
  readonly byId: ReadonlyMap<UserId, Person>;
}

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
  const { byLogin, byId } = directoryOf(view);
  const label = text.toLowerCase();
  const numbered = NUMERIC_ID.test(text) ? byId.get(Number(text)) : undefined;
  if (!byLogin.has(label)) return numbered === undefined ? UNKNOWN : { status: "known", person: numbered };
  const named = byLogin.get(label);
  if (named === undefined || (numbered !== undefined && numbered.id !== named.id)) return AMBIGUOUS;
  return { status: "known", person: named };
}

/** Somebody known by id: a member or a collaborator, under the member's login where both lists have one. */
export function personOf(view: View, id: UserId): Person | undefined {
  return directoryOf(view).byId.get(id);
}

/** Everybody who is known, by login. */
export function everybody(view: View): readonly Person[] {
  return [...directoryOf(view).byId.values()].toSorted((a, b) => (a.login < b.login ? -1 : 1));
}

// The compiled members are one object for as long as a store lives or recompiles, and the revision grows with
// every value that changes, so the pair names one state of the labels.
const directories = new WeakMap<object, Directory>();

function directoryOf(view: View): Directory {
  const known = directories.get(view.access.members);
  if (known?.revision === view.revision) return known;
  // Of what changes most, who is in which team, nobody's label comes.
  const { members, access } = view.facts;
  const same = known !== undefined && known.from.members === members && known.from.access === access;
  const directory = same ? { ...known, revision: view.revision } : readLabels(view);
  directories.set(view.access.members, directory);
  return directory;
}

function readLabels({ facts, revision }: View): Directory {
  const byLogin = new Map<string, Person | undefined>();
  const byId = new Map<UserId, Person>();
  const note = (id: UserId, login: string): void => {
    const person = byId.get(id) ?? { id, login };
    byId.set(id, person);
    const label = login.toLowerCase();
    const first = person.login.toLowerCase();
    const renamed = first !== label;
    if (renamed) byLogin.set(first, undefined);
    const taken = byLogin.has(label) && byLogin.get(label) !== person;
    byLogin.set(label, renamed || taken ? undefined : person);
  };
  for (const [id, { login }] of facts.members?.value ?? []) note(id, login);
  for (const { value } of facts.access.values()) {
    for (const [id, { login }] of value.collaborators) note(id, login);
  }
  return { revision, from: { members: facts.members, access: facts.access }, byLogin, byId };
}
