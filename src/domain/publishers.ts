import type { Facts, RepositoryId } from "./facts.ts";
import { matches, parseGlob } from "./path-glob.ts";
import { matchesAny } from "./globs.ts";
import type { Circumstances } from "./judge.ts";
import type { Policy, Publisher, PublisherConditions } from "./policy.ts";

/** What a policy says of publishers, made ready to be asked. The most specific comes first. */
export type PublisherBook = readonly Entry[];

interface Entry {
  readonly publisher: Publisher;
  /** How many letters the glob spells out; a whole name counts as more than any glob. */
  readonly weight: number;
  readonly means: (repository: string) => boolean;
}

/** What keeps a run from publishing: an entry of the policy, and the first of its conditions that does not hold. */
export interface Limit {
  readonly effect: "deny";
  readonly line: number;
  /** `undefined`: no run of the repository publishes. */
  readonly unmet: { readonly kind: keyof PublisherConditions; readonly globs: readonly string[] } | undefined;
}

export function compilePublishers({ publishers }: Pick<Policy, "publishers">): PublisherBook {
  return publishers.map(entryOf).toSorted((a, b) => b.weight - a.weight);
}

function entryOf(publisher: Publisher): Entry {
  const { repositories } = publisher;
  const glob = parseGlob(repositories);
  const letters = glob?.tokens.filter(({ kind }) => kind === "literal").length ?? 0;
  return {
    publisher,
    weight: isName(publisher) ? Infinity : letters,
    // What cannot be read limits everybody.
    means: (repository) => glob === undefined || matches(glob, repository, false),
  };
}

/** Whether an entry is about one repository, and no glob. */
export function isName({ repositories }: Publisher): boolean {
  return !/[*?[]/.test(repositories);
}

/** The entries that count for a repository: the most specific one, or several that are equally specific. */
export function publishersFor(book: PublisherBook, repository: string): readonly Publisher[] {
  const name = repository.toLowerCase();
  const first = book.find(({ means }) => means(name));
  return book.filter(({ weight, means }) => weight === first?.weight && means(name)).map(({ publisher }) => publisher);
}

/**
 * What keeps a run of a repository from publishing whatever else allows it. `doubtful`: nobody can say which name the
 * repository has, and so which entries mean it; `undefined`: nothing keeps it.
 */
export function limitOn(
  book: PublisherBook,
  { repositories }: Pick<Facts, "repositories">,
  repository: RepositoryId,
  circumstances: Circumstances,
): Limit | "doubtful" | undefined {
  if (book.length === 0) return undefined;
  const name = repositories.get(repository)?.value.name.toLowerCase();
  if (name === undefined || carriersOf(repositories).get(name) !== 1) return "doubtful";
  for (const { when, line } of publishersFor(book, name)) {
    const unmet = when && unmetBy(when, circumstances);
    if (when === undefined || unmet !== undefined) return { effect: "deny", line, unmet };
  }
  return undefined;
}

function unmetBy(when: PublisherConditions, { workflow, event, environment, ref }: Circumstances): Limit["unmet"] {
  const presented = { workflow, event, environment: environment?.toLowerCase(), ref };
  for (const kind of ["workflow", "event", "environment", "ref"] as const) {
    const globs = when[kind];
    if (globs !== undefined && !matchesAny(globs, presented[kind])) return { kind, globs };
  }
  return undefined;
}

const counted = new WeakMap<Facts["repositories"], ReadonlyMap<string, number>>();

/** How many repositories carry each name, in lower case: of two, one has another by now, and nobody has told us yet. */
function carriersOf(repositories: Facts["repositories"]): ReadonlyMap<string, number> {
  const known = counted.get(repositories);
  if (known !== undefined) return known;
  const carriers = new Map<string, number>();
  for (const { value } of repositories.values()) {
    const name = value.name.toLowerCase();
    carriers.set(name, (carriers.get(name) ?? 0) + 1);
  }
  counted.set(repositories, carriers);
  return carriers;
}
