import { ProbotOctokit } from "probot";

/**
 * Probot makes an Octokit for each event, signed in as the installation that the event is about. That takes longer than
 * all we do with the event, and we speak to GitHub by the client: so all events share one that is signed in as nobody.
 */
export function sharingOneForEvents(shared: ProbotOctokit): typeof ProbotOctokit {
  return ProbotOctokit.plugin(({ auth }) => ({
    auth: Object.assign(
      async (wanted: { readonly type?: string } = {}): Promise<unknown> =>
        wanted.type === "event-octokit" ? shared : auth(wanted),
      auth,
    ),
  }));
}
