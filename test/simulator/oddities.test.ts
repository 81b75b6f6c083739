import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { client, installationClient, pick, pluck, text } from "./client.ts";
import { createSimulator } from "./simulator.ts";

const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", validate: true });
const { organization, users, repositories, teams } = acmeOrganization(github);
const { edit } = github;
const role = edit.defineOrganizationRole(organization, "all_repo_write", "write");
edit.assignOrganizationRole(role, { user: users.bob });
edit.assignOrganizationRole(role, { team: teams.docs });
edit.defineRepositoryRole(organization, "releaser", "write");
edit.push(repositories.core, {
  write: {
    "link.toml": { mode: "120000", content: "pyproject.toml" },
    "loose-end": { mode: "120000", content: "nowhere" },
  },
});
await github.settle();

const asInstallation = await installationClient(github, organization);
const asAlice = client(github, `token ${github.tokenFor(users.alice.id)}`);
const blob = text((await asInstallation("GET /repos/acme/core/contents/pyproject.toml")).body, "sha");

const teamsOfCore = async (): Promise<unknown[]> => {
  const { body } = await asInstallation("GET /repos/acme/core/teams");
  return pluck(body, "slug").map((slug, index) => [slug, pick(body, index, "permission")]);
};

const permissionOf = async (login: string, repository = "core"): Promise<unknown[]> => {
  const { body } = await asInstallation(`GET /repos/acme/${repository}/collaborators/${login}/permission`);
  return [pick(body, "permission"), pick(body, "role_name")];
};

const treeOfCore = async (): Promise<unknown> =>
  (await asInstallation("GET /repos/acme/core/git/trees/main?recursive=1")).body;

describe("what GitHub really answers", () => {
  it("a repository's teams: those with a grant of their own, with the role they have in effect", async () => {
    expect(await teamsOfCore()).toEqual([
      ["platform", "push"],
      ["docs", "pull"],
    ]);
    edit.setTeamRepository(teams.backend, repositories.core, "triage");
    expect(await teamsOfCore()).toEqual([
      ["platform", "push"],
      ["backend", "push"],
      ["docs", "pull"],
    ]);
    edit.removeTeamRepository(teams.backend, repositories.core);
  });

  it("a team's repositories: inherited ones, too", async () => {
    const { body } = await asInstallation("GET /orgs/acme/teams/backend/repos");
    expect(new Set(pluck(body, "name"))).toEqual(new Set(["core", "legacy", "mono", "utils"]));
  });

  it("a team's members: those of child teams, too, marked as inherited", async () => {
    const { body } = await asInstallation("GET /orgs/acme/teams/platform/members");
    expect(pluck(body, "login")).toEqual(["carol", "alice"]);
    expect(pluck(body, "inherited")).toEqual([false, true]);
  });

  it("direct collaborators: with what they may do in all, not with the grant", async () => {
    const bob = pick(
      (await asInstallation("GET /repos/acme/utils/collaborators?affiliation=direct")).body,
      0,
      "role_name",
    );
    // bob's direct grant is triage, his organization role writes everywhere
    expect(bob).toBe("write");
  });

  it("the permission of one person: legacy word, role, flags", async () => {
    expect(await permissionOf("carol")).toEqual(["admin", "admin"]);
    expect(await permissionOf("alice", "mono")).toEqual(["write", "maintain"]);
    expect(await permissionOf("dave")).toEqual(["write", "write"]);
    expect(await permissionOf("erin")).toEqual(["none", "none"]);
    expect(await permissionOf("erin", "site")).toEqual(["read", "read"]);
  });

  it("the base permission only to those who may see settings", async () => {
    expect(pick((await asInstallation("GET /orgs/acme")).body, "default_repository_permission")).toBe("none");
    expect(pick((await asAlice("GET /orgs/acme")).body, "default_repository_permission")).toBeUndefined();
  });

  it("holders of an organization role, also through a team", async () => {
    edit.assignOrganizationRole(role, { team: teams.platform });
    const path = `GET /orgs/acme/organization-roles/${role.id}`;
    const people = (await asInstallation(`${path}/users`)).body;
    expect(pluck(people, "login")).toEqual(["carol", "alice", "bob"]);
    expect(pluck(people, "assignment")).toEqual(["indirect", "indirect", "mixed"]);
    const listed = (await asInstallation(`${path}/teams`)).body;
    expect(pluck(listed, "slug")).toEqual(["platform", "backend", "docs"]);
    expect(pluck(listed, "assignment")).toEqual(["direct", "indirect", "direct"]);
    edit.unassignOrganizationRole(role, { team: teams.platform });
    expect(github.violations).toEqual([]);
  });

  it("roles only on the enterprise plan", async () => {
    const small = edit.createOrganization({ login: "small", plan: "team" });
    const asSmall = await installationClient(github, small);
    expect((await asSmall("GET /orgs/small/organization-roles")).status).toBe(404);
    expect((await asSmall("GET /orgs/small/custom-repository-roles")).status).toBe(404);
  });

  it("301 from a former name, followed unless told otherwise", async () => {
    edit.renameRepository(repositories.shared, "common");
    const { status, body } = await asInstallation("GET /repos/acme/shared");
    expect([status, pick(body, "name")]).toEqual([200, "common"]);
    const authorization = `token ${github.tokenFor(users.carol.id)}`;
    const manual = await github.fetch("https://api.github.com/repos/acme/shared", {
      redirect: "manual",
      headers: { authorization },
    });
    expect(manual.status).toBe(301);
    expect(manual.headers.get("location")).toBe(`https://api.github.com/repositories/${repositories.shared.id}`);
    edit.createRepository(organization, { name: "shared" });
    expect(pick((await asInstallation("GET /repos/acme/shared")).body, "id")).not.toBe(repositories.shared.id);
  });

  it("trees with links and sizes, truncated where too long", async () => {
    const link = pluck(pick(await treeOfCore(), "tree"), "path").indexOf("link.toml");
    expect(pick(await treeOfCore(), "tree", link, "mode")).toBe("120000");
    expect(pick(await treeOfCore(), "truncated")).toBe(false);
    github.faults.truncateTrees(2);
    expect(pluck(pick(await treeOfCore(), "tree"), "path")).toHaveLength(2);
    expect(pick(await treeOfCore(), "truncated")).toBe(true);
    github.faults.clear();
  });

  it("files in base64 or raw, links followed, and the content of an older commit", async () => {
    const file = await asInstallation("GET /repos/acme/core/contents/link.toml");
    expect(Buffer.from(text(file.body, "content"), "base64").toString()).toContain("acme-core");
    const raw = await asInstallation("GET /repos/acme/core/contents/pyproject.toml", {
      headers: { accept: "application/vnd.github.raw+json" },
    });
    expect(raw.body).toContain('name = "acme-core"');
    const [first = ""] = repositories.core.commits.keys();
    expect((await asInstallation(`GET /repos/acme/core/contents/link.toml?ref=${first}`)).status).toBe(404);
  });

  it("git's own names for content", () => {
    // git hash-object of the same bytes
    expect(blob).toBe("65a1aaf038e903e25ae1209c01650b29f5c8aa2c");
  });
});
