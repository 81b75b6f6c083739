import { z } from "zod";
import { repository } from "./payload.ts";
import type { Planner } from "./plan.ts";
import { plan, rereadRepository } from "./plan.ts";

const renamed = z.object({ repository: z.object({ name: z.object({ from: z.string() }) }) });
const repositoryEvent = z.object({
  action: z.string(),
  repository,
  changes: z.union([renamed, z.object({})]).optional(),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads#repository */
export const planRepository: Planner = (payload) => {
  const { action, repository, changes = {} } = repositoryEvent.parse(payload);
  const former = "repository" in changes ? [changes.repository.name.from] : [];
  const again = { ...rereadRepository(repository), repositories: [repository.name, ...former] };
  switch (action) {
    case "deleted":
      return { ...again, revoke: [{ kind: "repository", repository: repository.id }] };
    case "archived":
      return { ...again, revoke: [{ kind: "archived", repository: repository.id }] };
    case "privatized":
      return { ...again, revoke: [{ kind: "private", repository: repository.id }] };
    default:
      return again;
  }
};

/** https://docs.github.com/webhooks/webhook-events-and-payloads#public */
export const planPublic: Planner = (payload) => rereadRepository(publicEvent.parse(payload).repository);
const publicEvent = z.object({ repository });

const withDefaultBranch = repository.extend({ default_branch: z.string() });
const push = z.object({ ref: z.string(), repository: withDefaultBranch });
const branch = push.extend({ ref_type: z.string() });

/**
 * https://docs.github.com/webhooks/webhook-events-and-payloads#push
 *
 * Only the default branch counts. Its file lists are cut short in large pushes and mean nothing after a
 * force push, so every push to it is a reason to look.
 */
export const planPush: Planner = (payload) => {
  const { ref, repository } = push.parse(payload);
  return ref === `refs/heads/${repository.default_branch}` ? rereadRepository(repository) : plan({});
};

/** https://docs.github.com/webhooks/webhook-events-and-payloads#create and #delete: a branch came or went. */
export const planBranch: Planner = (payload) => {
  const { ref, ref_type, repository } = branch.parse(payload);
  return ref_type === "branch" && ref === repository.default_branch ? rereadRepository(repository) : plan({});
};
