import type { Simulator } from "../test/simulator/index.ts";

/** The organization of the story: alice is a member like any other, and mallory would like to be more. */
export function demoOrganization(github: Simulator) {
  const { edit } = github;
  // Nobody listens yet, and a log full of failed deliveries would look as if something were wrong.
  const silently = github.faults.drop(() => true);
  const organization = edit.createOrganization({ login: "acme", plan: "enterprise", basePermission: "read" });
  const [carol, alice, bob, mallory] = [
    edit.createUser("carol"),
    edit.createUser("alice"),
    edit.createUser("bob"),
    edit.createUser("mallory"),
  ];
  edit.addMember(organization, carol, "admin");
  for (const member of [alice, bob, mallory]) edit.addMember(organization, member);

  const engineering = edit.createTeam(organization, { name: "engineering" });
  const platform = edit.createTeam(organization, { name: "platform", parent: engineering });
  edit.addTeamMember(platform, bob);

  const core = edit.createRepository(organization, {
    name: "core",
    visibility: "private",
    files: { "pyproject.toml": '[project]\nname = "acme-core"\nversion = "1.0.0"\n' },
  });
  const tools = edit.createRepository(organization, {
    name: "tools",
    visibility: "private",
    files: {
      "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
      "packages/lint/pyproject.toml": '[project]\nname = "acme-lint"\nversion = "0.1.0"\n',
      "packages/release/pyproject.toml": '[project]\nname = "acme-release"\nversion = "0.1.0"\n',
    },
  });
  edit.createRepository(organization, {
    name: "site",
    visibility: "internal",
    files: { "setup.cfg": "[metadata]\nname = acme_site\n" },
  });
  edit.setTeamRepository(platform, core, "write");
  edit.setTeamRepository(engineering, tools, "maintain");
  silently.end();
  return {
    organization,
    users: { alice, bob, carol, mallory },
    teams: { engineering, platform },
    repositories: { core, tools },
  };
}

export type DemoOrganization = ReturnType<typeof demoOrganization>;
