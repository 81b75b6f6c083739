import { z } from "zod";
import { repository } from "./payload.ts";
import type { Planner } from "./plan.ts";
import { plan, UNDER_THE_NEW_NAME } from "./plan.ts";

const installation = z.object({ action: z.string() });

/** https://docs.github.com/webhooks/webhook-events-and-payloads#installation */
export const planInstallation: Planner = (payload) => {
  const { action } = installation.parse(payload);
  return plan({ installation: action === "deleted" || action === "suspend" ? "lost" : "connected" });
};

const installationRepositories = z.object({
  repositories_added: z.array(repository),
  repositories_removed: z.array(repository),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads#installation_repositories */
export const planInstallationRepositories: Planner = (payload) => {
  const { repositories_added: added, repositories_removed: removed } = installationRepositories.parse(payload);
  return plan({
    revoke: removed.map(({ id }) => ({ kind: "repository", repository: id })),
    reread: [...added, ...removed].map(({ id }) => `repository/${id}` as const),
    repositories: [...added, ...removed].map(({ name }) => name),
    // The choice between all and selected repositories may have changed with it.
    installation: "connected",
  });
};

/** https://docs.github.com/webhooks/webhook-events-and-payloads#installation_target: the account has a new login. */
export const planInstallationTarget: Planner = () => plan({ reread: UNDER_THE_NEW_NAME });
