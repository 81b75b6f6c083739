import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { manifestReaders } from "../../src/service/manifest-readers.ts";
import { policyReader } from "../../src/service/policy.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { connect } from "../../src/github/connection.ts";
import { createReader } from "../../src/github/reader/reader.ts";
import { walk } from "../../src/github/reader/walk.ts";
import { reduce } from "../../src/state/reduce.ts";
import type { Slice, SliceKey, SliceKind } from "../../src/state/slice.ts";
import { SHARED_KINDS } from "../../src/state/slice.ts";
import type { Acme } from "../simulator/acme.ts";
import type { Organization, Repository, Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";

/** Answers instead of the simulator; `undefined` leaves it to the simulator. */
type Instead = (request: { readonly url: string; readonly body: string }) => Promise<Response | undefined>;

/** A reader of acme, and the facts that it has gathered. */
function stage(instead: (github: Simulator, acme: Acme) => Instead = () => () => Promise.resolve(undefined)) {
  const github = createSimulator({ webhookSecret: "a-secret-of-sixteen" });
  const acme = acmeOrganization(github);
  const answer = instead(github, acme);
  const connection = connect({
    appId: github.app.id,
    privateKey: github.app.privateKey,
    webhookSecret: github.app.webhookSecret,
    apiUrl: "https://api.github.com",
    fetch: async (input, init) => {
      const body = typeof init?.body === "string" ? init.body : "";
      return (await answer({ url: new Request(input).url, body })) ?? github.fetch(input, init);
    },
    log: pino({ level: "silent" }),
    time: { now: Date.now, sleep: () => sleep(0) },
    random: () => 0,
  });
  const reader = createReader({
    client: connection.installation(acme.organization.installation?.id ?? 0),
    organization: acme.organization,
    manifests: ({ repositories }) => manifestReaders(repositories),
    readPolicy: policyReader({ kind: "repository", repository: ".github", path: "packgate.toml" }),
    policy: () => facts.policy?.value.policy ?? DEFAULT_POLICY,
    time: { now: Date.now, sleep: () => sleep(0) },
  });
  let facts: Facts = NO_FACTS;
  const read = async (...keys: SliceKey[]): Promise<Slice[]> => {
    const slices: Slice[] = [];
    await reader.read(keys, facts, (some) => {
      slices.push(...some);
      facts = reduce(facts, some);
    });
    return slices;
  };
  const readShared = async (...kinds: SliceKind[]): Promise<void> => {
    for (const kind of SHARED_KINDS) if (kinds.length === 0 || kinds.includes(kind)) await read(kind);
  };
  return { github, ...acme, reader, read, readShared, facts: () => facts };
}

const people = (github: Simulator, count: number, prefix = "person") =>
  Array.from({ length: count }, (_, n) => github.edit.createUser(`${prefix}-${n}`));

/** Takes a repository out of its organization without a word, and gives it to another. */
function moveSilently(from: Organization, to: Organization, repository: Repository): void {
  from.repositories.delete(repository.id);
  repository.organizationId = to.id;
  to.repositories.set(repository.id, repository);
}

describe("lists longer than a page", () => {
  it("of members, teams, team members and collaborators are read to their ends", async () => {
    const { github, organization, teams, repositories, read, readShared, facts } = stage();
    const crowd = people(github, 230);
    for (const user of crowd) {
      github.edit.addMember(organization, user);
      github.edit.addTeamMember(teams.docs, user);
      github.edit.setCollaborator(repositories.core, user, "triage");
    }
    for (let n = 0; n < 220; n += 1) {
      const team = github.edit.createTeam(organization, { name: `t${n}` });
      github.edit.setTeamRepository(team, repositories.core, "read");
    }
    await readShared();
    await read(`team-members/${teams.docs.id}`, `team-members/${teams.platform.id}`);
    await read(`access/${repositories.core.id}`);
    const known = facts();
    expect(known.members?.value.size).toBe(233);
    expect(known.teams?.value.size).toBe(223);
    expect(known.teamMembers.get(teams.docs.id)?.value.size).toBe(231);
    expect(known.teamMembers.get(teams.platform.id)?.value.size).toBe(1);
    expect(known.access.get(repositories.core.id)?.value.collaborators.size).toBe(231);
    // backend inherits from platform, and GitHub does not reliably list those.
    expect(known.access.get(repositories.core.id)?.value.teams.size).toBeGreaterThanOrEqual(222);
  });

  it("of one person's teams, too", async () => {
    const { github, organization, users, reader, facts } = stage();
    for (let n = 0; n < 150; n += 1) {
      github.edit.addTeamMember(github.edit.createTeam(organization, { name: `t${n}` }), users.bob);
    }
    const keys = await reader.discover({ id: users.bob.id, login: "bob" }, facts());
    expect(new Set(keys).size).toBe(151);
  });

  it("of one person's direct grants, over more repositories than one query takes", async () => {
    const { github, organization, users, read, readShared, reader, facts } = stage();
    const created = Array.from({ length: 130 }, (_, n) =>
      github.edit.createRepository(organization, {
        name: `r${n}`,
        files: { "pyproject.toml": `[project]\nname = "r-${n}"\n` },
        creator: n % 2 === 0 ? users.bob : users.alice,
      }),
    );
    await readShared("repositories");
    await read(...created.map(({ id }) => `access/${id}` as const));
    const keys = await reader.discover({ id: users.bob.id, login: "bob" }, facts());
    expect(keys.filter((key) => key.startsWith("access/"))).toHaveLength(65);
  });
});

describe("what has left", () => {
  it("the organization is gone, though the App still sees it because it is public", async () => {
    const { github, organization, repositories, read, readShared, facts } = stage();
    const elsewhere = github.edit.createOrganization({ login: "elsewhere" });
    await readShared("repositories");
    moveSilently(organization, elsewhere, repositories.site);
    expect(await read(`repository/${repositories.site.id}`)).toEqual([
      { kind: "repository", id: repositories.site.id, value: undefined, asOf: expect.any(Number) },
    ]);
    expect(facts().repositories.has(repositories.site.id)).toBe(false);
    // Nor is it ours when only its number is known.
    expect(await read(`repository/${repositories.site.id}`)).toMatchObject([{ value: undefined }]);
  });

  it("is told beside what is still there", async () => {
    const { github, teams, repositories, read, readShared, facts } = stage();
    await readShared("teams", "repositories");
    await read(`team-members/${teams.docs.id}`, `team-members/${teams.backend.id}`);
    await read(`access/${repositories.core.id}`, `access/${repositories.utils.id}`);
    github.edit.deleteTeam(teams.docs);
    github.edit.deleteRepository(repositories.core);

    await read(`team-members/${teams.docs.id}`, `team-members/${teams.backend.id}`);
    expect([...facts().teamMembers.keys()]).toEqual([teams.backend.id]);
    await read(`access/${repositories.core.id}`, `access/${repositories.utils.id}`);
    expect([...facts().access.keys()]).toEqual([repositories.utils.id]);
    await read(`repository/${repositories.core.id}`, `repository/${repositories.utils.id}`);
    expect(facts().repositories.has(repositories.core.id)).toBe(false);
    expect(facts().repositories.has(repositories.utils.id)).toBe(true);
  });

  it("between two pages is gone as a whole: half of a team is nobody's fact", async () => {
    const { github, organization, teams, read, readShared } = stage((simulator, { teams: { docs } }) => ({ body }) => {
      const isSecondPage = body.includes("query TeamMembers") && /"after":"/.test(body);
      if (isSecondPage) simulator.edit.deleteTeam(docs);
      return Promise.resolve(undefined);
    });
    for (const user of people(github, 120)) {
      github.edit.addMember(organization, user);
      github.edit.addTeamMember(teams.docs, user);
    }
    await readShared("teams");
    expect(await read(`team-members/${teams.docs.id}`)).toMatchObject([{ id: teams.docs.id, value: undefined }]);
  });

  it("nobody's list names, so its details are gone, too", async () => {
    const { read } = stage();
    await read("policy");
    expect(await read("team-members/1", "team-members/2")).toMatchObject([{ value: undefined }, { value: undefined }]);
    expect(await read("access/1")).toMatchObject([{ value: undefined }]);
    expect(await read("repository/1")).toMatchObject([{ value: undefined }]);
    expect(await read()).toEqual([]);
  });
});

describe("what GitHub hides", () => {
  const hiding =
    (which: (acme: Acme) => Repository): ((github: Simulator, acme: Acme) => Instead) =>
    (_, acme) =>
    ({ url }) =>
      Promise.resolve(
        url.includes(`/repositories/${which(acme).id}/teams`)
          ? Response.json({ message: "Resource not accessible by integration" }, { status: 403 })
          : undefined,
      );

  it("of one repository does not keep the others from being known", async () => {
    const { repositories, read, readShared, facts } = stage(hiding(({ repositories: { utils } }) => utils));
    await readShared("repositories");
    const { core, utils, tools } = repositories;
    await expect(read(`access/${core.id}`, `access/${utils.id}`, `access/${tools.id}`)).rejects.toMatchObject({
      kind: "forbidden",
    });
    expect(new Set(facts().access.keys())).toEqual(new Set([core.id, tools.id]));
  });

  it("as null is not taken for nobody", async () => {
    const { repositories, read, readShared, facts } = stage(
      (_, { repositories: { core } }) =>
        ({ body }) =>
          Promise.resolve(
            body.includes("query Collaborators")
              ? Response.json({ data: { nodes: [{ databaseId: core.id, collaborators: null }] } })
              : undefined,
          ),
    );
    await readShared("repositories");
    await expect(read(`access/${repositories.core.id}`)).rejects.toMatchObject({
      kind: "forbidden",
      message: expect.stringContaining("hides a repository's collaborators"),
    });
    expect(facts().access.size).toBe(0);
  });

  it("of the organization is unknown, not none", async () => {
    const { organization, readShared, facts } = stage();
    delete organization.installation?.permissions["organization_administration"];
    await readShared("organization");
    expect(facts().organization?.value).toMatchObject({ login: "acme", basePermission: undefined });
  });

  it("of a workspace after it was there a moment ago is a failure, not an empty workspace", async () => {
    const { readShared, facts } = stage(
      () =>
        ({ body }) =>
          Promise.resolve(
            body.includes("query Files") ? Response.json({ data: { node: { object: null } } }) : undefined,
          ),
    );
    await expect(readShared("repositories")).rejects.toMatchObject({ kind: "unavailable" });
    expect(facts().repositoryList).toBeUndefined();
  });
});

describe("roles", () => {
  it("of the organization, with those who hold them; of plans without any, none", async () => {
    const { github, organization, users, teams, readShared, facts } = stage();
    const writers = github.edit.defineOrganizationRole(organization, "all_repo_write", "write");
    const security = github.edit.defineOrganizationRole(organization, "security_manager", null);
    github.edit.defineOrganizationRole(organization, "app_manager", null);
    github.edit.assignOrganizationRole(writers, { user: users.bob });
    // Through the team bob has this one, too: that is not his own.
    github.edit.assignOrganizationRole(security, { team: teams.docs });
    github.edit.defineRepositoryRole(organization, "releaser", "maintain");
    await readShared("organization-roles", "custom-roles");
    expect(facts().organizationRoles?.value).toEqual([
      {
        name: "all_repo_write",
        base: { name: "write", level: "write" },
        users: new Set([users.bob.id]),
        teams: new Set(),
      },
      {
        name: "security_manager",
        base: { name: "read", level: "read" },
        users: new Set(),
        teams: new Set([teams.docs.id]),
      },
      { name: "app_manager", base: undefined, users: new Set(), teams: new Set() },
    ]);
    expect(facts().customRoles?.value).toEqual(new Map([["releaser", "maintain"]]));
  });

  it("that GitHub knows nothing of are none; that it refuses are a failure", async () => {
    const { github, readShared, facts } = stage();
    github.faults.status(/organization-roles/, 404);
    github.faults.status(/custom-repository-roles/, 404);
    await readShared("organization-roles", "custom-roles");
    expect(facts()).toMatchObject({ organizationRoles: { value: [] }, customRoles: { value: new Map() } });
    github.faults.status(/organization-roles/, 500, { times: 9 });
    await expect(readShared("organization-roles")).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("of collaborators are what the repository itself gave them", async () => {
    const { github, users, teams, repositories, read, readShared, facts } = stage();
    github.edit.setTeamRepository(teams.docs, repositories.utils, "admin");
    await readShared("repositories");
    await read(`access/${repositories.utils.id}`);
    const { collaborators } = facts().access.get(repositories.utils.id)?.value ?? {};
    expect(collaborators?.get(users.bob.id)).toMatchObject({ login: "bob", role: { name: "triage" } });
  });
});

describe("the repositories", () => {
  it("that cannot all be read are no list", async () => {
    const { github, readShared, facts } = stage();
    github.faults.status("POST /graphql", 500, { times: 9 });
    await expect(readShared("repositories")).rejects.toMatchObject({ kind: "unavailable" });
    expect(facts().repositoryList).toBeUndefined();
  });

  it("are asked for less at a time when GitHub cannot bear them", async () => {
    const { github, organization, readShared, facts } = stage();
    for (let n = 0; n < 60; n += 1) github.edit.createRepository(organization, { name: `r${n}` });
    github.faults.failPages(9);
    await readShared("repositories");
    expect(facts().repositoryList?.value.size).toBe(70);
  });
});

describe("walking a list", () => {
  const pages = (...infos: { hasNextPage: boolean; endCursor: string | null }[]) => {
    const asked: (string | null)[] = [];
    const done = walk((after) => {
      asked.push(after);
      return Promise.resolve(infos[asked.length - 1] ?? { hasNextPage: false, endCursor: null });
    });
    return { asked, done };
  };

  it("goes from cursor to cursor to its end", async () => {
    const { asked, done } = pages(
      { hasNextPage: true, endCursor: "a" },
      { hasNextPage: true, endCursor: "b" },
      { hasNextPage: false, endCursor: "c" },
    );
    await done;
    expect(asked).toEqual([null, "a", "b"]);
  });

  it.each([null, "a"])("that goes on nowhere (%s) is no list", async (endCursor) => {
    const { asked, done } = pages({ hasNextPage: true, endCursor: "a" }, { hasNextPage: true, endCursor });
    await expect(done).rejects.toMatchObject({ kind: "unavailable" });
    expect(asked).toEqual([null, "a"]);
  });
});
