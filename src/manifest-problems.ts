import type { View } from "./domain/decide.ts";
import type { Facts } from "./domain/facts.ts";

/** What is wrong with the manifests of an organization, as sentences that name the place. */
export function manifestProblems({ facts, organization }: View): string[] {
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
export function createProblemLog(warn: (sentence: string) => void): (view: View) => void {
  const known = new Map<number, { repositories: Facts["repositories"]; sentences: ReadonlySet<string> }>();
  return (view) => {
    const { repositories } = view.facts;
    const last = known.get(view.organization.id);
    if (last?.repositories === repositories) return;
    const sentences = new Set(manifestProblems(view));
    for (const sentence of sentences) if (last?.sentences.has(sentence) !== true) warn(sentence);
    known.set(view.organization.id, { repositories, sentences });
  };
}
