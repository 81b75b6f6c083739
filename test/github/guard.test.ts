import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LAG_MS } from "../../src/github/withheld.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import type { Acme } from "../simulator/acme.ts";
import type { Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { expectTruth, leaks } from "./support/against-truth.ts";

const query = (name: string) => (request: { readonly body: string }) => request.body.includes(`query ${name}(`);
const project = (name: string): string => `[project]\nname = "${name}"\n`;

interface Race {
  readonly title: string;
  /** The read that is under way: its answer has been made, and is held back. */
  readonly read: Parameters<Simulator["faults"]["pause"]>[0];
  /** Makes the read begin. */
  readonly first: (github: Simulator, acme: Acme) => unknown;
  /** What happens in GitHub while the answer is held back. */
  readonly meanwhile: (github: Simulator, acme: Acme) => unknown;
}

const RACES: readonly Race[] = [
  {
    title: "a team's new member is removed again",
    read: query("TeamMembers"),
    first: ({ edit }, { teams, users }) => edit.addTeamMember(teams.platform, users.bob),
    meanwhile: ({ edit }, { teams, users }) => edit.removeTeamMember(teams.platform, users.bob),
  },
  {
    title: "a collaborator is removed again",
    read: query("Collaborators"),
    first: ({ edit }, { repositories, users }) => edit.setCollaborator(repositories.core, users.erin, "admin"),
    meanwhile: ({ edit }, { repositories, users }) => edit.removeCollaborator(repositories.core, users.erin),
  },
  {
    title: "a collaborator's role is lowered again",
    read: query("Collaborators"),
    first: ({ edit }, { repositories, users }) => edit.setCollaborator(repositories.core, users.dave, "admin"),
    meanwhile: ({ edit }, { repositories, users }) => edit.setCollaborator(repositories.core, users.dave, "read"),
  },
  {
    title: "a team loses a repository again",
    read: /^GET \/repositories\/\d+\/teams$/,
    first: ({ edit }, { repositories, teams }) => edit.setTeamRepository(teams.docs, repositories.utils, "admin"),
    meanwhile: ({ edit }, { repositories, teams }) => edit.removeTeamRepository(teams.docs, repositories.utils),
  },
  {
    title: "a member leaves again",
    read: query("Members"),
    first: ({ edit }, { organization, users }) => edit.addMember(organization, users.erin),
    meanwhile: ({ edit }, { organization, users }) => edit.removeMember(organization, users.erin),
  },
  {
    title: "a repository is archived again",
    read: query("RepositoriesById"),
    first: ({ edit }, { repositories }) => edit.unarchiveRepository(repositories.legacy),
    meanwhile: ({ edit }, { repositories }) => edit.archiveRepository(repositories.legacy),
  },
  {
    title: "a repository is made private again",
    read: query("RepositoriesById"),
    first: ({ edit }, { repositories }) => edit.setVisibility(repositories.core, "public"),
    meanwhile: ({ edit }, { repositories }) => edit.setVisibility(repositories.core, "private"),
  },
  {
    title: "a new repository is deleted again",
    read: query("RepositoriesById"),
    first: ({ edit }, { organization }) =>
      edit.createRepository(organization, { name: "short-lived", files: { "pyproject.toml": project("short-lived") } }),
    meanwhile: ({ edit }, { organization }) => {
      const found = [...organization.repositories.values()].find(({ name }) => name === "short-lived");
      if (found !== undefined) edit.deleteRepository(found);
    },
  },
  {
    title: "somebody is blocked while a repository's access is read for the first time",
    read: query("Collaborators"),
    first: ({ edit }, { organization, users }) =>
      edit.createRepository(organization, {
        name: "fresh",
        files: { "pyproject.toml": project("fresh") },
        creator: users.dave,
      }),
    meanwhile: ({ edit }, { organization, users }) => edit.blockUser(organization, users.dave),
  },
  {
    title: "a member leaves while a repository's access is read for the first time",
    read: query("Collaborators"),
    first: ({ edit }, { organization, users }) =>
      edit.createRepository(organization, {
        name: "fresh",
        files: { "pyproject.toml": project("fresh") },
        creator: users.bob,
      }),
    meanwhile: ({ edit }, { organization, users }) => {
      for (const { collaborators } of organization.repositories.values()) collaborators.delete(users.bob.id);
      edit.removeMember(organization, users.bob);
    },
  },
  {
    title: "a team is deleted while a repository's access is read for the first time",
    read: /^GET \/repositories\/\d+\/teams$/,
    first: ({ edit }, { organization, teams }) => {
      const fresh = edit.createRepository(organization, {
        name: "fresh",
        files: { "pyproject.toml": project("fresh") },
      });
      teams.platform.repositories.set(fresh.id, "write");
    },
    meanwhile: ({ edit }, { teams }) => edit.deleteTeam(teams.platform),
  },
];

describe("an answer that was made before a webhook", () => {
  let packgate: Running;
  afterEach(async () => packgate.stop());
  /** Somebody who is taken in again at once is believed to be there only with the echo. */
  let ahead = 0;
  const time = {
    now: () => Date.now() + ahead,
    sleep: (milliseconds: number) => sleep(milliseconds, undefined, { ref: false }),
  };
  afterEach(() => {
    ahead = 0;
  });

  it.each(RACES)("is not believed: $title", async ({ read, first, meanwhile }) => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const acme = acmeOrganization(github);
    packgate = await startPackgate(github);
    await packgate.settle();

    const stale = github.faults.pause(read, "after");
    first(github, acme);
    await stale.arrived;
    meanwhile(github, acme);
    await github.settle();
    expect(leaks(github, packgate.service)).toEqual([]);

    // Whatever is read after the stale answer is held back, so that nothing can hide what the stale one does.
    const fresh = github.faults.pause("*", "before");
    stale.resume();
    await vi.waitFor(() => expect(fresh.waiting()).toBeGreaterThan(0));
    expect(leaks(github, packgate.service)).toEqual([]);
    fresh.resume();
    await packgate.settle();
    expectTruth(github, packgate.service);
  });

  it("does not leave somebody in a team who left the organization, and comes back without it", async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const { organization, teams, users } = acmeOrganization(github);
    packgate = await startPackgate(github, { surroundings: { time } });
    await packgate.settle();

    const stale = github.faults.pause(query("TeamMembers"), "after");
    github.edit.addTeamMember(teams.platform, users.bob);
    await stale.arrived;
    github.edit.removeMember(organization, users.bob);
    await github.settle();
    stale.resume();
    await packgate.settle();
    ahead = LAG_MS;
    github.edit.addMember(organization, users.bob);
    await packgate.settle();
    expectTruth(github, packgate.service);
  });

  it("does not leave an organization role with somebody who left the organization, and comes back without it", async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const { organization, users } = acmeOrganization(github);
    const writers = github.edit.defineOrganizationRole(organization, "all_repo_write", "write");
    github.edit.assignOrganizationRole(writers, { user: users.bob });
    const stale = github.faults.pause(/\/organization-roles\/\d+\/users$/, "after");
    packgate = await startPackgate(github, { surroundings: { time } });
    await stale.arrived;
    github.edit.removeMember(organization, users.bob);
    await github.settle();
    stale.resume();
    await packgate.settle();
    ahead = LAG_MS;
    github.edit.addMember(organization, users.bob);
    await packgate.settle();
    expectTruth(github, packgate.service);
  });

  it("does not bring in what a team inherited before it moved, though nothing announces that", async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const { organization, teams } = acmeOrganization(github);
    packgate = await startPackgate(github);
    await packgate.settle();

    // The access of a new repository is read for the first time: no fact that is known yet could be put in doubt.
    const stale = github.faults.pause(/^GET \/repositories\/\d+\/teams$/, "after");
    github.faults.hold();
    const fresh = github.edit.createRepository(organization, {
      name: "fresh",
      files: { "pyproject.toml": project("fresh") },
    });
    github.edit.setTeamRepository(teams.platform, fresh, "admin");
    github.edit.setTeamRepository(teams.backend, fresh, "read");
    github.faults.release((held) => held.filter(({ event }) => event === "repository"));
    await stale.arrived;
    github.edit.setTeamParent(teams.backend, null);
    github.edit.editTeam(teams.backend, { description: "moved" });
    await github.settle();
    await vi.waitFor(() =>
      expect(viewOf(packgate).facts.teams?.value.get(teams.backend.id)).toMatchObject({ parent: undefined }),
    );
    stale.resume();
    await packgate.settle();
    expect(viewOf(packgate).facts.access.get(fresh.id)?.value.teams.get(teams.backend.id)?.name).toBe("read");
    expectTruth(github, packgate.service);
  });
});

function viewOf({ service }: Running) {
  const [served] = service.http.organizations();
  if (served === undefined) throw new Error("nothing is served");
  return served.view();
}

describe("the walk over all repositories", () => {
  let packgate: Running;
  afterEach(async () => packgate.stop());

  const walking = async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const acme = acmeOrganization(github);
    const walk = github.faults.pause(query("Repositories"), "after");
    packgate = await startPackgate(github);
    await walk.arrived;
    return { github, acme, walk };
  };

  it("does not make a repository disappear that was created meanwhile", async () => {
    const { github, acme, walk } = await walking();
    const created = github.edit.createRepository(acme.organization, {
      name: "meanwhile",
      files: { "pyproject.toml": project("meanwhile") },
      creator: acme.users.bob,
    });
    await github.settle();
    await vi.waitFor(() => expect(viewOf(packgate).facts.repositories.has(created.id)).toBe(true));
    walk.resume();
    await packgate.settle();
    expectTruth(github, packgate.service);
  });

  it("does not bring a repository back that was deleted meanwhile", async () => {
    const { github, acme, walk } = await walking();
    github.edit.deleteRepository(acme.repositories.core);
    await github.settle();
    walk.resume();
    await packgate.settle();
    expectTruth(github, packgate.service);
    expect(viewOf(packgate).facts.repositoryList?.value.has(acme.repositories.core.id)).toBe(false);
  });

  it("does not undo what was read of a repository after it changed meanwhile", async () => {
    const { github, acme, walk } = await walking();
    github.edit.archiveRepository(acme.repositories.core);
    github.edit.push(acme.repositories.shared, { write: { "pyproject.toml": project("acme-shared") } });
    await github.settle();
    await vi.waitFor(() => expect(viewOf(packgate).facts.repositories.size).toBe(2));
    walk.resume();
    await packgate.settle();
    expectTruth(github, packgate.service);
  });

  it("of a connected organization keeps what came while it walked", async () => {
    const { github, acme, walk } = await walking();
    walk.resume();
    await packgate.settle();
    const again = github.faults.pause(query("Repositories"), "after");
    github.app.permissions["checks"] = "read";
    github.edit.acceptNewPermissions(acme.organization);
    await again.arrived;
    github.edit.createRepository(acme.organization, { name: "late", files: { "pyproject.toml": project("late") } });
    await github.settle();
    await vi.waitFor(() => expect([...viewOf(packgate).claims.keys()]).toContain("late"));
    again.resume();
    await packgate.settle();
    expectTruth(github, packgate.service);
  });
});
