import { RE2JS } from "re2js";
import { matches, parseGlob } from "./path-glob.ts";
import type { PackageName } from "./package-name.ts";
import { bySpecificity, covers } from "./patterns.ts";
import type { Policy } from "./policy.ts";
import { DEFAULT_POLICY } from "./policy.ts";

/** What a policy says about who may have which name, made ready to be asked. Repositories are meant by name. */
export interface NamePolicy {
  /** Whether what a repository declares counts. */
  readonly isChosen: (repository: string) => boolean;
  /** Whether a name is reserved for other repositories than this one. */
  readonly isBarred: (name: PackageName, repository: string) => boolean;
  /** Whether a name that nothing pins may be claimed at all. */
  readonly mayClaim: boolean;
  /** The repository that a name is pinned to, in lower case, as GitHub compares names. */
  readonly pinOf: (name: PackageName) => string | undefined;
  /** Every name that is pinned. */
  readonly pinned: readonly PackageName[];
  /** The names that are pinned to a repository of this name. */
  readonly pinnedTo: (repository: string) => readonly PackageName[];
  readonly retirementMs: number;
}

/** Compiles globs and expressions once, however often they are asked. */
export function compileNames({ repositories, names, packages }: Policy): NamePolicy {
  const included = anyGlob(repositories.include);
  const excluded = anyGlob(repositories.exclude);
  const pattern = repositories.pattern === ANYTHING ? undefined : RE2JS.compile(repositories.pattern);
  // Of two reservations that cover a name, the one that says more of it counts.
  const reservations = names.reserved
    .map((reservation) => ({ covering: reservation.pattern, permits: anyGlob(reservation.repositories) }))
    .toSorted((a, b) => bySpecificity(a.covering, b.covering));
  const pins = new Map([...packages].map(([name, { repository }]) => [name, repository.toLowerCase()] as const));
  const byRepository = new Map<string, PackageName[]>();
  for (const [name, repository] of pins) byRepository.set(repository, [...(byRepository.get(repository) ?? []), name]);
  return {
    isChosen: (repository) =>
      included(repository) && !excluded(repository) && (pattern === undefined || pattern.matches(repository)),
    isBarred: (name, repository) =>
      reservations.find(({ covering }) => covers(covering, name))?.permits(repository) === false,
    mayClaim: names.claim === "first",
    pinOf: (name) => pins.get(name),
    pinned: [...pins.keys()],
    pinnedTo: (repository) => byRepository.get(repository.toLowerCase()) ?? [],
    retirementMs: names.retirementMs,
  };
}

const ANYTHING = ".*";

/** GitHub tells repositories apart without regard to letter case, so globs do, too. */
function anyGlob(texts: readonly string[]): (repository: string) => boolean {
  const globs = texts.flatMap((text) => parseGlob(text.toLowerCase()) ?? []);
  return (repository) => globs.some((glob) => matches(glob, repository.toLowerCase(), false));
}

export const DEFAULT_NAMES: NamePolicy = compileNames(DEFAULT_POLICY);
