import type { OrganizationId } from "../domain/facts.ts";

export interface Choice<T> {
  readonly chosen: readonly T[];
  /** What a person should know about what was not chosen, and why. */
  readonly sentences: readonly string[];
}

interface Installed {
  readonly account: { readonly id: OrganizationId; readonly login: string };
}

/**
 * Which installations to serve. Several without a choice are none: serving the wrong organization is worse than none.
 *
 * @param wanted the logins to serve; empty: the only installation there is
 * @param isServed whether an organization is served already, so that its renaming does not end that
 */
export function choose<T extends Installed>(
  all: readonly T[],
  wanted: readonly string[],
  isServed: (organization: OrganizationId) => boolean,
): Choice<T> {
  const logins = all.map(({ account }) => account.login);
  if (all.length === 0) {
    return nothing("The App is installed nowhere: install it on your organization from the App's page on GitHub.");
  }
  if (wanted.length === 0) {
    if (all.length === 1) return { chosen: all, sentences: [] };
    return nothing(`The App is installed on ${logins.join(", ")}: set PACKGATE_ORGS to those that shall be served.`);
  }
  const isWanted = ({ account }: T): boolean => wanted.some((name) => isSame(name, account.login));
  const chosen = all.filter((each) => isWanted(each) || isServed(each.account.id));
  const missing = wanted.filter((name) => !logins.some((login) => isSame(login, name)));
  const ignored = all.filter((each) => !chosen.includes(each));
  return {
    chosen,
    sentences: [
      ...missing.map((name) => `The App is not installed on ${name}, which PACKGATE_ORGS names: install it there.`),
      ...ignored.map(
        ({ account }) => `The installation on ${account.login} is ignored: add it to PACKGATE_ORGS to serve it.`,
      ),
    ],
  };
}

function nothing(sentence: string): Choice<never> {
  return { chosen: [], sentences: [sentence] };
}

/** Logins are the same in any letter case. */
function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
