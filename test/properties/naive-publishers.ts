import type { Publisher } from "../../src/domain/policy.ts";

/** What a run presents, as plain words. */
export interface Presented {
  readonly workflow?: string | undefined;
  readonly event?: string | undefined;
  readonly environment?: string | undefined;
  readonly ref?: string | undefined;
}

/**
 * The entry that keeps a run of a repository from publishing, as one would read docs/policy.md aloud: of the keys that
 * match, one that spells out the most letters; of several, each must be met. Shares no code with what is tested.
 */
export function refusingEntry(
  publishers: readonly Publisher[],
  repository: string,
  presented: Presented,
): Publisher | undefined {
  const matching = publishers.filter(({ repositories }) => fits(repositories, repository));
  const most = Math.max(...matching.map(({ repositories }) => letters(repositories)));
  return matching
    .filter(({ repositories }) => letters(repositories) === most)
    .find((entry) => !isMet(entry, presented));
}

function letters(key: string): number {
  const spelt = key.replaceAll(/\[.*?\]|[*?]/g, "");
  return spelt === key ? 1000 : spelt.length;
}

function isMet({ when }: Publisher, { workflow, event, environment, ref }: Presented): boolean {
  if (when === undefined) return false;
  const pairs = [
    [when.workflow, workflow],
    [when.event, event],
    [when.environment, environment],
    [when.ref, ref],
  ] as const;
  return pairs.every(
    ([globs, text]) => globs === undefined || (text !== undefined && globs.some((glob) => fits(glob, text))),
  );
}

function fits(glob: string, text: string): boolean {
  const pattern = glob
    .replaceAll(".", String.raw`\.`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "i").test(text);
}
