import { describe, expect, it } from "vitest";
import { type Acme, acmeOrganization } from "./acme.ts";
import { retirement } from "./claims-ledger.ts";
import type { Edits } from "./edits/index.ts";
import { type Permission, truth } from "./oracle.ts";
import { createSimulator } from "./simulator.ts";

type Person = keyof Acme["users"];
const letters: Record<Permission, string> = { read: "r", upload: "u", yank: "y", delete: "d", manage: "m" };
const project = (name: string): string => `[project]\nname = "${name}"\n`;

function setUp() {
  let now = Date.UTC(2026, 0, 1);
  const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", clock: () => now });
  const acme = acmeOrganization(github);
  /** Permissions as letters; "-" where nobody holds the name. */
  const may = (person: Person, name: string): string => {
    const { repository, permissions } = truth(github.world, acme.organization, acme.users[person].id, name, now);
    return repository === undefined ? "-" : [...permissions].map((permission) => letters[permission]).join("");
  };
  const wait = (ms: number): void => {
    now += ms;
  };
  return { edit: github.edit, acme, may, wait };
}

describe("the truth about acme, worked out by hand", () => {
  const { may } = setUp();
  const table: [person: Person, name: string, may: string, because: string][] = [
    ["carol", "acme-core", "ruydm", "owner"],
    ["carol", "acme-utils", "ruydm", "owner, setup.cfg"],
    ["carol", "acme-legacy", "r", "owner of something archived"],
    ["carol", "acme-beta", "ruydm", "owner, workspace member"],
    ["alice", "acme-core", "ru", "write of the parent team"],
    ["alice", "Acme.__Core", "ru", "the same name, spelled otherwise"],
    ["alice", "acme-utils", "ruy", "maintain of her team"],
    ["alice", "acme-tools", "r", "internal, member"],
    ["alice", "acme-site", "r", "public, member"],
    ["alice", "acme-legacy", "r", "admin, but archived"],
    ["alice", "acme-alpha", "ruy", "maintain of the parent team, workspace member"],
    ["alice", "acme-attic", "-", "excluded from the workspace"],
    ["alice", "acme-broken", "-", "TOML that does not parse"],
    ["alice", "acme-mono", "-", "nobody declares it"],
    ["bob", "acme-core", "r", "read of his team"],
    ["bob", "acme-utils", "r", "triage, directly"],
    ["bob", "acme-site", "ru", "write of his team"],
    ["bob", "acme-tools", "r", "internal, member"],
    ["bob", "acme-legacy", "", "no grant"],
    ["bob", "acme-alpha", "", "no grant"],
    ["dave", "acme-core", "ru", "write, as outside collaborator"],
    ["dave", "acme-site", "", "public, but no member"],
    ["dave", "acme-tools", "", "internal, but no member"],
    ["erin", "acme-core", "", "stranger"],
    ["erin", "acme-site", "", "public, but a stranger"],
  ];
  it.each(table)("%s %s: %s (%s)", (person, name, expected) => expect(may(person, name)).toBe(expected));
});

describe("the truth after an edit, worked out by hand", () => {
  const table: [
    what: string,
    change: (edit: Edits, acme: Acme) => unknown,
    person: Person,
    name: string,
    may: string,
  ][] = [
    [
      "base permission write",
      (edit, { organization }) => edit.setBasePermission(organization, "write"),
      "bob",
      "acme-alpha",
      "ru",
    ],
    [
      "base permission, outside collaborator",
      (edit, { organization }) => edit.setBasePermission(organization, "admin"),
      "dave",
      "acme-alpha",
      "",
    ],
    [
      "promoted to owner",
      (edit, { organization, users }) => edit.setOwner(organization, users.bob),
      "bob",
      "acme-alpha",
      "ruydm",
    ],
    [
      "no owner any more",
      (edit, { organization, users }) => edit.unsetOwner(organization, users.carol),
      "carol",
      "acme-utils",
      "",
    ],
    [
      "organization role, assigned to the user",
      (edit, { organization, users }) =>
        edit.assignOrganizationRole(edit.defineOrganizationRole(organization, "all_repo_maintain", "maintain"), {
          user: users.bob,
        }),
      "bob",
      "acme-alpha",
      "ruy",
    ],
    [
      "organization role, assigned to a parent team",
      (edit, { organization, teams }) =>
        edit.assignOrganizationRole(edit.defineOrganizationRole(organization, "all_repo_admin", "admin"), {
          team: teams.platform,
        }),
      "alice",
      "acme-site",
      "ruydm",
    ],
    [
      "organization role that gives nothing on repositories",
      (edit, { organization, users }) =>
        edit.assignOrganizationRole(edit.defineOrganizationRole(organization, "auditor", null), { user: users.bob }),
      "bob",
      "acme-alpha",
      "",
    ],
    [
      "custom repository role",
      (edit, { organization, users, repositories }) => {
        edit.defineRepositoryRole(organization, "releaser", "maintain");
        edit.setCollaborator(repositories.tools, users.dave, "releaser");
      },
      "dave",
      "acme-tools",
      "ruy",
    ],
    [
      "a higher team grant",
      (edit, { teams, repositories }) => edit.setTeamRepository(teams.backend, repositories.core, "admin"),
      "alice",
      "acme-core",
      "ruydm",
    ],
    [
      "a lower team grant takes nothing away",
      (edit, { teams, repositories }) => edit.setTeamRepository(teams.backend, repositories.core, "read"),
      "alice",
      "acme-core",
      "ru",
    ],
    [
      "a team moved below another",
      (edit, { teams }) => edit.setTeamParent(teams.docs, teams.backend),
      "bob",
      "acme-utils",
      "ruy",
    ],
    [
      "a team taken from its parent",
      (edit, { teams }) => edit.setTeamParent(teams.backend, null),
      "alice",
      "acme-core",
      "",
    ],
    [
      "removed from the team",
      (edit, { teams, users }) => edit.removeTeamMember(teams.backend, users.alice),
      "alice",
      "acme-utils",
      "",
    ],
    [
      "removed from the organization",
      (edit, { organization, users }) => edit.removeMember(organization, users.bob),
      "bob",
      "acme-utils",
      "",
    ],
    [
      "made outside collaborator",
      (edit, { organization, users }) => edit.convertToOutsideCollaborator(organization, users.alice),
      "alice",
      "acme-core",
      "ru",
    ],
    [
      "made outside collaborator, internal",
      (edit, { organization, users }) => edit.convertToOutsideCollaborator(organization, users.alice),
      "alice",
      "acme-tools",
      "",
    ],
    ["blocked", (edit, { organization, users }) => edit.blockUser(organization, users.dave), "dave", "acme-core", ""],
    ["suspended", (edit, { users }) => edit.suspendUser(users.alice), "alice", "acme-core", ""],
    [
      "suspended and back",
      (edit, { users }) => [edit.suspendUser(users.alice), edit.unsuspendUser(users.alice)],
      "alice",
      "acme-core",
      "ru",
    ],
    [
      "made private",
      (edit, { repositories }) => edit.setVisibility(repositories.tools, "private"),
      "bob",
      "acme-tools",
      "",
    ],
    ["archived", (edit, { repositories }) => edit.archiveRepository(repositories.core), "alice", "acme-core", "r"],
    [
      "unarchived",
      (edit, { repositories }) => edit.unarchiveRepository(repositories.legacy),
      "alice",
      "acme-legacy",
      "ruydm",
    ],
    [
      "repository renamed",
      (edit, { repositories }) => edit.renameRepository(repositories.core, "kernel"),
      "alice",
      "acme-core",
      "ru",
    ],
    ["user renamed", (edit, { users }) => edit.renameUser(users.alice, "alicia"), "alice", "acme-core", "ru"],
    ["team deleted with its parent", (edit, { teams }) => edit.deleteTeam(teams.platform), "alice", "acme-utils", ""],
  ];
  it.each(table)("%s", (_, change, person, name, expected) => {
    const { edit, acme, may } = setUp();
    change(edit, acme);
    expect(may(person, name)).toBe(expected);
  });
});

describe("who holds a name", () => {
  it("the first to declare it; a later one gets nothing", () => {
    const { edit, acme, may } = setUp();
    edit.push(acme.repositories.site, { write: { "pyproject.toml": project("acme-core") } });
    expect(may("bob", "acme-core")).toBe("r");
    expect(may("bob", "acme-site")).toBe("-");
  });

  it("nobody for 90 days after the holder let it go, then the next in line", () => {
    const { edit, acme, may, wait } = setUp();
    edit.push(acme.repositories.site, { write: { "pyproject.toml": project("acme-core") } });
    edit.push(acme.repositories.core, { remove: ["pyproject.toml"] });
    expect(may("carol", "acme-core")).toBe("-");
    wait(retirement - 1);
    expect(may("carol", "acme-core")).toBe("-");
    wait(1);
    expect(may("bob", "acme-core")).toBe("ru");
  });

  it("the same one again, when it declares it again in time", () => {
    const { edit, acme, may } = setUp();
    edit.push(acme.repositories.core, { write: { "pyproject.toml": project("renamed") } });
    expect([may("alice", "acme-core"), may("alice", "renamed")]).toEqual(["-", "ru"]);
    edit.push(acme.repositories.core, { write: { "pyproject.toml": project("acme-core") } });
    expect([may("alice", "acme-core"), may("alice", "renamed")]).toEqual(["ru", "-"]);
  });

  it("nobody after the repository was deleted or transferred out; the new organization after a transfer in", () => {
    const { edit, acme, may } = setUp();
    edit.deleteRepository(acme.repositories.core);
    edit.transferRepository(acme.repositories.utils, null);
    expect([may("carol", "acme-core"), may("carol", "acme-utils")]).toEqual(["-", "-"]);
    edit.receiveRepository(acme.organization, acme.users.erin, {
      name: "gift",
      files: { "pyproject.toml": project("gift") },
    });
    expect(may("erin", "gift")).toBe("ruydm");
  });

  it("whoever has it on the default branch, wherever that is", () => {
    const { edit, acme, may } = setUp();
    edit.push(acme.repositories.core, { branch: "next", write: { "pyproject.toml": project("acme-next") } });
    expect(may("alice", "acme-next")).toBe("-");
    edit.setDefaultBranch(acme.repositories.core, "next");
    expect([may("alice", "acme-next"), may("alice", "acme-core")]).toEqual(["ru", "-"]);
  });

  it("never a fork, and nothing from a link", () => {
    const { edit, acme, may } = setUp();
    edit.push(acme.repositories.coreFork, { write: { "pyproject.toml": project("acme-forked") } });
    edit.push(acme.repositories.shared, {
      write: { "pyproject.toml": { mode: "120000", content: project("acme-link") } },
    });
    expect([may("carol", "acme-forked"), may("carol", "acme-link")]).toEqual(["-", "-"]);
  });
});
