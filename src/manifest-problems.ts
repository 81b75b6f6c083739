import type { View } from "./domain/decide.ts";
import type { Facts } from "./domain/facts.ts";

// Most changes are of something else, and looking through ten thousand repositories for each of them costs too much.
const found = new WeakMap<Facts["repositories"], { readonly login: string; readonly sentences: readonly string[] }>();

/** What is wrong with the manifests of an organization, as sentences that name the place. */
export function manifestProblems(view: View): readonly string[] {
  const { repositories } = view.facts;
  const { login } = view.organization;
  const last = found.get(repositories);
  if (last?.login === login) return last.sentences;
  const sentences = look(view);
  found.set(repositories, { login, sentences });
  return sentences;
}

function look({ facts, organization }: View): string[] {
  return [...facts.repositories.values()].flatMap(({ value: { name, fork, problems } }) =>
    (fork ? [] : problems).map(({ path, line, message }) => {
      const place = `${organization.login}/${name} ${printable(path)}${line === undefined ? "" : `:${line}`}`;
      return `${place}: ${message}`;
    }),
  );
}

/** Git allows any bytes in a path, and a terminal obeys some of them. */
function printable(path: string): string {
  return path.replace(/[\p{Cc}\p{Cf}]/gu, "\uFFFD");
}

/**
 * Warns of each problem once, when it comes up; of one that was mended and is back, again.
 *
 * @returns takes every new view
 */
export function createProblemLog(
  problemsOf: (view: View) => readonly string[],
  warn: (sentence: string) => void,
): (view: View) => void {
  const known = new Map<number, { revision: number; sentences: ReadonlySet<string> }>();
  return (view) => {
    const last = known.get(view.organization.id);
    if (last?.revision === view.revision) return;
    const sentences = new Set(problemsOf(view));
    for (const sentence of sentences) if (last?.sentences.has(sentence) !== true) warn(sentence);
    known.set(view.organization.id, { revision: view.revision, sentences });
  };
}
