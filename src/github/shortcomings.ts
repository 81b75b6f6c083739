import { shortfall } from "./app-manifest.ts";
import type { Installation } from "./installations.ts";

/**
 * What an installation lacks, as sentences.
 *
 * @param webUrl where GitHub's pages are, without a trailing slash
 */
export function shortcomingsOf(installation: Installation, webUrl: string): string[] {
  const { account, id, repository_selection: selection } = installation;
  const page = `${webUrl}/organizations/${account.login}/settings/installations/${id}`;
  const { permissions, events } = shortfall(installation);
  const sentences: string[] = [];
  if (selection !== "all") {
    sentences.push(
      `The App sees only selected repositories of ${account.login}: choose "All repositories" on ${page}.`,
    );
  }
  if (permissions.length > 0) {
    sentences.push(
      `The App lacks permissions on ${account.login} (${permissions.join(", ")}): accept them on ${page}.`,
    );
  }
  if (events.length > 0) {
    sentences.push(
      `GitHub does not send ${events.join(", ")} for ${account.login}: accept the App's events on ${page}.`,
    );
  }
  return sentences;
}
