import { z } from "zod";

import type { Octokit, OctokitReply } from "../client.ts";

/** How the doctor asks GitHub. Resolves with every reply, whatever its status; rejects only when none came. */
export interface GitHubPort {
  /** As the App itself. */
  readonly appRequest: Request;
  /** As one installation. */
  readonly installationRequest: (installation: number, ...request: Parameters<Request>) => Promise<OctokitReply>;
}

export type Request = (route: string, parameters?: Record<string, unknown>) => Promise<OctokitReply>;

/**
 * Makes the port of what Probot has.
 *
 * @param authenticate an Octokit for an installation, or for the App when none is named: `probot.auth`
 */
export function createGitHubPort(
  authenticate: (installation?: number) => Promise<Pick<Octokit, "request">>,
): GitHubPort {
  const send = async (installation: number | undefined, ...request: Parameters<Request>): Promise<OctokitReply> => {
    try {
      const octokit = await authenticate(installation);
      return await octokit.request(...request);
    } catch (error) {
      // Octokit rejects for an error status; without a response nothing came back, though it claims a 500.
      const failed = FAILED.safeParse(error);
      if (failed.success) return failed.data.response;
      throw error;
    }
  };
  return {
    appRequest: (...request) => send(undefined, ...request),
    installationRequest: (installation, ...request) => send(installation, ...request),
  };
}

const FAILED = z.object({
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
    data: z.unknown(),
  }),
});
