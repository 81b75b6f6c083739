import type { Installations } from "../installations.ts";

export interface RecheckOptions {
  readonly installations: Pick<Installations, "sessions">;
  /** Looks at the App's installations anew, in the background. */
  readonly refresh: () => void;
  readonly forgetTokens: () => void;
}

/**
 * Makes up for webhooks of which nobody knows what they said.
 *
 * @returns reads again all that an installation shows, in the background; `undefined`: whatever there is
 */
export function createRecheck({
  installations,
  refresh,
  forgetTokens,
}: RecheckOptions): (installation: number | undefined) => void {
  return (installation) => {
    // One that nobody serves (any more, or yet) has nothing to be read, unless GitHub's list says otherwise.
    refresh();
    // Users withdraw their consent to the App as a whole, of which no installation is told.
    if (installation === undefined) forgetTokens();
    for (const session of installations.sessions()) {
      const theirs = session.installation();
      // One that is read by none yet may be the one that is meant.
      if (installation === undefined || theirs === undefined || theirs === installation) session.recheck();
    }
  };
}
