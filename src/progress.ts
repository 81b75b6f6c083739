import type { View } from "./domain/decide.ts";

export interface ProgressOptions {
  /** Where a person watches; `undefined` when nobody does. */
  readonly terminal: { readonly write: (text: string) => unknown } | undefined;
  readonly log: (fields: object, message: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const LINE_EVERY_MS = 100;
const LOG_EVERY_MS = 5000;

/** Shows how far the first reading of an organization has come: one changing line on a terminal, else a log line now and then. */
export function createProgress({ terminal, log, now }: ProgressOptions): (view: View) => void {
  let shownAt = 0;
  const done = new Set<number>();

  return (view) => {
    const { id, login } = view.organization;
    if (done.has(id)) return;
    if (view.ready) {
      done.add(id);
      terminal?.write("\r\x1b[K");
      log(
        { organization: login, packages: view.claims.size, ...counts(view) },
        `Everything is read: serving ${login}.`,
      );
      return;
    }
    if (now() - shownAt < (terminal === undefined ? LOG_EVERY_MS : LINE_EVERY_MS)) return;
    shownAt = now();
    const { repositories, teamsRead, teams, accessRead } = counts(view);
    const line = `Reading ${login}: ${repositories} repositories, ${teamsRead} of ${teams} teams, access of ${accessRead} repositories with packages`;
    if (terminal === undefined) log({ organization: login, ...counts(view) }, line);
    else terminal.write(`\r\x1b[K${line}`);
  };
}

function counts({ facts }: View): {
  repositories: number;
  teamsRead: number;
  teams: number;
  accessRead: number;
  members: number;
} {
  return {
    repositories: facts.repositories.size,
    teamsRead: facts.teamMembers.size,
    teams: facts.teams?.value.size ?? 0,
    accessRead: facts.access.size,
    members: facts.members?.value.size ?? 0,
  };
}
