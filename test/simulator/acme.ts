import type { Organization, Repository, Team, User } from "./model.ts";
import type { Simulator } from "./simulator.ts";

/** A small organization with names to remember, for tests that read like a story. */
export type Acme = {
  organization: Organization;
  users: Record<"alice" | "bob" | "carol" | "dave" | "erin", User>;
  teams: Record<"platform" | "backend" | "docs", Team>;
  repositories: Record<AcmeRepository, Repository>;
};
type AcmeRepository =
  "core" | "utils" | "tools" | "site" | "shared" | "legacy" | "mono" | "broken" | "empty" | "coreFork";

const project = (name: string): string => `[project]\nname = "${name}"\nversion = "1.0.0"\n`;

/**
 * carol owns acme, alice (team backend, below platform) and bob (team docs) are members, dave is an outside collaborator,
 * erin a stranger. The base permission is none, so that every right comes from somewhere. Nothing is announced.
 */
export function acmeOrganization(github: Simulator): Acme {
  const { edit } = github;
  const silently = github.faults.drop(() => true);
  const organization = edit.createOrganization({ login: "acme", plan: "enterprise", basePermission: "none" });
  const person = (login: string): User =>
    edit.createUser(
      login,
      login.replace(/^./, (first) => first.toUpperCase()),
    );
  const users = {
    carol: person("carol"),
    alice: person("alice"),
    bob: person("bob"),
    dave: person("dave"),
    erin: person("erin"),
  };
  edit.addMember(organization, users.carol, "admin");
  edit.addMember(organization, users.alice);
  edit.addMember(organization, users.bob);

  const platform = edit.createTeam(organization, { name: "platform" });
  const backend = edit.createTeam(organization, { name: "backend", parent: platform });
  const docs = edit.createTeam(organization, { name: "docs" });
  edit.addTeamMember(platform, users.carol, "maintainer");
  edit.addTeamMember(backend, users.alice);
  edit.addTeamMember(docs, users.bob);

  const create = (
    name: string,
    files: Record<string, string> | undefined,
    visibility: Repository["visibility"] = "private",
  ): Repository =>
    edit.createRepository(organization, {
      name,
      visibility,
      ...(files && { files: { "README.md": `# ${name}\n`, ...files } }),
    });
  const core = create("core", { "pyproject.toml": project("acme-core") });
  const repositories = {
    core,
    utils: create("utils", { "setup.cfg": "[metadata]\nname = acme-utils\nversion = 1.0.0\n" }),
    tools: create("tools", { "pyproject.toml": '[tool.poetry]\nname = "Acme_Tools"\n' }, "internal"),
    site: create("site", { "pyproject.toml": project("acme-site") }, "public"),
    shared: create("shared", { "README.md": "no package here\n" }),
    legacy: create("legacy", { "pyproject.toml": '[tool.flit.metadata]\nmodule = "acme_legacy"\n' }),
    mono: create("mono", {
      "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/attic"]\n',
      "packages/alpha/pyproject.toml": project("acme-alpha"),
      "packages/beta/pyproject.toml": project("acme-beta"),
      "packages/attic/pyproject.toml": project("acme-attic"),
    }),
    broken: create("broken", { "pyproject.toml": '[project\nname = "acme-broken"\n' }),
    empty: create("empty", undefined),
    coreFork: edit.forkRepository(core, organization, "core-fork"),
  };
  edit.archiveRepository(repositories.legacy);

  edit.setTeamRepository(platform, core, "write");
  edit.setTeamRepository(platform, repositories.mono, "maintain");
  edit.setTeamRepository(backend, repositories.utils, "maintain");
  edit.setTeamRepository(docs, core, "read");
  edit.setTeamRepository(docs, repositories.site, "write");
  edit.setTeamRepository(backend, repositories.legacy, "admin");
  edit.setCollaborator(repositories.utils, users.bob, "triage");
  edit.setCollaborator(core, users.dave, "write");

  silently.end();
  return { organization, users, teams: { platform, backend, docs }, repositories };
}
