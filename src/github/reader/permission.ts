import { z } from "zod";
import type { GitHubRole } from "../../domain/facts.ts";
import type { Client } from "../client.ts";
import { unlessGone } from "../failure.ts";
import { levelOf } from "../rest-role.ts";

const flag = z.boolean().optional();
const permission = z.object({
  user: z
    .object({
      permissions: z.object({ pull: flag, triage: flag, push: flag, maintain: flag, admin: flag }).optional(),
    })
    .nullable(),
});

/**
 * GitHub's own word on what somebody may do, from all sources together: REST "Get repository permissions for a user".
 *
 * @returns `undefined` for nothing at all, and where there is no such person or repository
 */
export async function readPermission(
  client: Client,
  { owner, repo, username }: { readonly owner: string; readonly repo: string; readonly username: string },
): Promise<GitHubRole | undefined> {
  const route = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
  const found = await unlessGone(client.get(route, { owner, repo, username }, permission));
  return levelOf(found?.user?.permissions);
}
