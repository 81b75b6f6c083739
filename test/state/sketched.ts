import type { Claim } from "../../src/domain/claims.ts";
import type { Drawn, RepositorySketch } from "../domain/facts-builder.ts";
import { draw, NOW, pathOf } from "../domain/facts-builder.ts";

export const ACME = { id: 1, login: "acme" };
export const CORE = 1001;
export const WEB = 1002;

/** alice in the team platform, and two repositories. */
export function sketched(
  repositories: Record<string, RepositorySketch> = { core: { declares: ["acme-core"] }, web: { access: "unread" } },
): Drawn {
  return draw({ members: ["alice"], teams: { platform: { members: ["alice"] } }, repositories });
}

export const held = (repository: number, text: string, since = NOW): Claim => ({
  status: "held",
  repository,
  path: pathOf(text),
  since,
});
