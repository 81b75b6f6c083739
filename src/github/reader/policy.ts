import type { Organization } from "../../domain/facts.ts";
import type { Client } from "../client.ts";
import { unlessGone } from "../failure.ts";
import type { SourceFile } from "./manifests.ts";
import { assertLogin } from "./organization.ts";
import { repositoryContent } from "./schemas.ts";

/** A file in the default branch of one of an organization's repositories. */
export interface FilePlace {
  readonly repository: string;
  readonly path: string;
}

/**
 * REST "Get repository content", as conditional a request as any. GitHub leads from the former name of a repository to
 * the present one, so a policy stays in force while its repository is being renamed; and to its new owner, who has no say.
 *
 * @returns `undefined` when the organization has no such file or repository
 */
export async function readFileAt(
  client: Client,
  organization: Pick<Organization, "id" | "login">,
  { repository: repo, path }: FilePlace,
): Promise<SourceFile | undefined> {
  const parameters = { owner: organization.login, repo, path };
  const found = await unlessGone(
    client.get("GET /repos/{owner}/{repo}/contents/{path}", parameters, repositoryContent),
  );
  if (found === undefined) {
    await assertLogin(client, organization);
    return undefined;
  }
  if (Array.isArray(found)) return { path, kind: "directory", size: 0, text: null };
  if (!found.url.toLowerCase().includes(`/repos/${organization.login.toLowerCase()}/`)) return undefined;
  const text = found.encoding === "base64" ? Buffer.from(found.content ?? "", "base64").toString() : null;
  return { path, kind: found.type, size: found.size, text };
}
