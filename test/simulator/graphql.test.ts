import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { client, installationClient, pick, pluck, query } from "./client.ts";
import { nodeId } from "./node-id.ts";
import { createSimulator } from "./simulator.ts";

const github = createSimulator({ webhookSecret: "a-secret-of-the-tests" });
const { organization, users, repositories, teams } = acmeOrganization(github);
const { edit } = github;
const call = await installationClient(github, organization);
const ask = (text: string, variables: Record<string, unknown> = {}): Promise<unknown> => query(call, text, variables);
const inAcme = async (fields: string): Promise<unknown> =>
  pick(await ask(`{ organization(login: "acme") { ${fields} } }`), "data", "organization");

const membersOf = (membership: string): string =>
  `${membership}: members(first: 9, membership: ${membership}) { nodes { login } }`;

const pageOfThree = async (after?: string): Promise<unknown> =>
  pick(
    await ask(
      `query($after: String) { organization(login: "acme") { repositories(first: 3, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) { totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
      after === undefined ? {} : { after },
    ),
    "data",
    "organization",
    "repositories",
  );

describe("what a query costs", () => {
  it("is taken from the installation's points, and told", async () => {
    github.resetCounts();
    const text = `{ organization(login: "acme") { teams(first: 100) { nodes { members(first: 1) { totalCount } repositories(first: 1) { totalCount } } } } rateLimit { cost remaining limit used nodeCount } }`;
    const before = pick(await ask(text), "data", "rateLimit");
    const after = pick(await ask(text), "data", "rateLimit");
    expect([pick(before, "cost"), pick(before, "limit"), pick(before, "nodeCount")]).toEqual([2, 10_000, 300]);
    expect(Number(pick(before, "remaining")) - Number(pick(after, "remaining"))).toBe(2);
    expect([github.counts.graphqlQueries, github.counts.graphqlPoints, github.counts.rest]).toEqual([2, 4, 0]);
  });
});

describe("what GitHub refuses", () => {
  const refused: [type: string, query: string][] = [
    ["MISSING_PAGINATION_BOUNDARIES", `{ organization(login: "acme") { teams { totalCount } } }`],
    ["EXCESSIVE_PAGINATION", `{ organization(login: "acme") { teams(first: 101) { totalCount } } }`],
    [
      "MAX_NODE_LIMIT_EXCEEDED",
      `{ organization(login: "acme") { teams(first: 100) { nodes { members(first: 100) { nodes { organizations(first: 100) { totalCount } } } } } } }`,
    ],
    ["ARGUMENT_LIMIT", `{ nodes(ids: [${Array.from({ length: 101 }, () => '"x"').join(",")}]) { id } }`],
    ["NOT_FOUND", `{ organization(login: "nobody") { id } }`],
    ["NOT_FOUND", `{ repository(owner: "acme", name: "nothing") { id } }`],
    ["FORBIDDEN", "{ viewer { login } }"],
    ["FORBIDDEN", `mutation { addStar(input: { starrableId: "x" }) { clientMutationId } }`],
  ];
  it.each(refused)("%s", async (type, text) => {
    expect(pluck(pick(await ask(text), "errors"), "type")).toEqual([type]);
  });

  it("fields that are not in GitHub's schema", async () => {
    expect(
      pluck(pick(await ask(`{ organization(login: "acme") { defaultRepositoryPermission } }`), "errors"), "message"),
    ).toEqual([expect.stringContaining("Cannot query field")]);
  });

  it("whoever has no token", async () => {
    expect((await client(github)("POST /graphql", { body: { query: "{ rateLimit { cost } }" } })).status).toBe(401);
  });

  it("another organization's inside", async () => {
    edit.addMember(edit.createOrganization({ login: "others" }), users.erin);
    expect(
      pluck(pick(await ask(`{ organization(login: "others") { teams(first: 1) { totalCount } } }`), "errors"), "type"),
    ).toEqual(["FORBIDDEN"]);
  });

  it("and the simulator what it does not model, aloud", async () => {
    const before = github.unknownRoutes.length;
    expect(pluck(pick(await ask(`{ organization(login: "acme") { websiteUrl } }`), "errors"), "type")).toEqual([
      "SIMULATOR",
    ]);
    expect(github.unknownRoutes.slice(before)).toEqual(["GraphQL Organization.websiteUrl"]);
  });
});

describe("what GraphQL shows", () => {
  it("members with their role", async () => {
    const members = await inAcme("membersWithRole(first: 100) { edges { role node { login databaseId id } } }");
    const edges = pick(members, "membersWithRole", "edges");
    expect(pluck(edges, "node", "login")).toEqual(["carol", "alice", "bob"]);
    expect(pluck(edges, "role")).toEqual(["ADMIN", "MEMBER", "MEMBER"]);
  });

  it("team members, immediate or of child teams", async () => {
    const team = pick(
      await inAcme(
        `teams(first: 1) { nodes { slug ${membersOf("IMMEDIATE")} ${membersOf("CHILD_TEAM")} ${membersOf("ALL")} } }`,
      ),
      "teams",
      "nodes",
      0,
    );
    expect(["IMMEDIATE", "CHILD_TEAM", "ALL"].map((name) => pluck(pick(team, name, "nodes"), "login"))).toEqual([
      ["carol"],
      ["alice"],
      ["carol", "alice"],
    ]);
  });

  it("teams of somebody, teams by word, and their parents", async () => {
    const found = await inAcme(
      `mine: teams(first: 9, userLogins: ["Alice"]) { nodes { slug parentTeam { databaseId } } } word: teams(first: 9, query: "doc") { nodes { slug } }`,
    );
    expect(pick(found, "mine", "nodes")).toEqual([{ slug: "backend", parentTeam: { databaseId: teams.platform.id } }]);
    expect(pick(found, "word", "nodes")).toEqual([{ slug: "docs" }]);
  });

  it("a team's repositories: inherited ones as if they were its own", async () => {
    const nodes = pick(
      await inAcme(
        "teams(first: 9) { nodes { slug repositories(first: 9) { totalCount edges { permission node { name } } } } }",
      ),
      "teams",
      "nodes",
    );
    expect(pick(nodes, 1, "repositories", "totalCount")).toBe(4);
    expect(pick(nodes, 1, "repositories", "edges", 2)).toEqual({ permission: "WRITE", node: { name: "core" } });
  });

  it("a collaborator's permission in all, and where it comes from", async () => {
    edit.setCollaborator(repositories.utils, users.alice, "triage");
    const sources =
      "permissionSources { permission roleName source { __typename ... on Repository { databaseId } ... on Team { slug } ... on Organization { databaseId } } }";
    const fields = `collaborators(first: 9, affiliation: DIRECT, login: "alice") { edges { permission ${sources} node { login } } }`;
    const found = pick(
      await ask(`{ repository(owner: "ACME", name: "Utils") { ${fields} } }`),
      "data",
      "repository",
      "collaborators",
      "edges",
    );
    expect(found).toEqual([
      {
        permission: "MAINTAIN",
        permissionSources: [
          {
            permission: "READ",
            roleName: "triage",
            source: { __typename: "Repository", databaseId: repositories.utils.id },
          },
          { permission: "WRITE", roleName: "maintain", source: { __typename: "Team", slug: "backend" } },
        ],
        node: { login: "alice" },
      },
    ]);
  });

  it("a custom role by its name in roleName, as its base role in permission", async () => {
    edit.defineRepositoryRole(organization, "releaser", "maintain");
    edit.setCollaborator(repositories.tools, users.dave, "releaser");
    const fields =
      "collaborators(first: 9, affiliation: OUTSIDE) { edges { permission permissionSources { permission roleName } } }";
    const edges = pick(
      await ask(`{ repository(owner: "acme", name: "tools") { ${fields} } }`),
      "data",
      "repository",
      "collaborators",
      "edges",
    );
    expect(edges).toEqual([
      { permission: "MAINTAIN", permissionSources: [{ permission: "WRITE", roleName: "releaser" }] },
    ]);
  });

  it("everybody with access, only when all are asked for", async () => {
    const fields =
      "all: collaborators(first: 9) { nodes { login } } direct: collaborators(first: 9, affiliation: DIRECT) { nodes { login } }";
    const found = pick(await ask(`{ repository(owner: "acme", name: "core") { ${fields} } }`), "data", "repository");
    expect(pluck(pick(found, "all", "nodes"), "login")).toEqual(["carol", "alice", "bob", "dave"]);
    expect(pluck(pick(found, "direct", "nodes"), "login")).toEqual(["dave"]);
  });

  it("content: text, links, binaries, what is not there, and nothing at all", async () => {
    const bytes = new Uint8Array([1, 0, 2]);
    const broken = new Uint8Array([0x61, 0xff, 0x62]);
    const big = "x".repeat(600_000);
    edit.push(repositories.core, {
      write: {
        "a.bin": bytes,
        "lossy.txt": broken,
        "big.txt": big,
        "link.toml": { mode: "120000", content: "pyproject.toml" },
      },
    });
    const blob = "{ __typename ... on Blob { byteSize isBinary isTruncated text } }";
    const object = (name: string, path: string): string => `${name}: object(expression: "HEAD:${path}") ${blob}`;
    const found = pick(
      await ask(`{ repository(owner: "acme", name: "core") {
        ${object("manifest", "pyproject.toml")} ${object("binary", "a.bin")} ${object("lossy", "lossy.txt")} ${object("big", "big.txt")}
        ${object("missing", "nothing")} ${object("root", "")} defaultBranchRef { name target { oid ... on Commit {
          file(path: "link.toml") { name path mode type size object { oid ... on Blob { text } } } none: file(path: "x") { name } } } } } }`),
      "data",
      "repository",
    );
    expect(pick(found, "manifest", "text")).toContain("acme-core");
    expect(pick(found, "binary")).toEqual({
      __typename: "Blob",
      byteSize: 3,
      isBinary: true,
      isTruncated: false,
      text: null,
    });
    expect(pick(found, "lossy", "text")).toBe("a\uFFFDb");
    expect([pick(found, "big", "isTruncated"), pick(found, "big", "byteSize")]).toEqual([true, 600_000]);
    expect([pick(found, "missing"), pick(found, "root", "__typename")]).toEqual([null, "Tree"]);
    const file = pick(found, "defaultBranchRef", "target", "file");
    expect([pick(file, "mode"), pick(file, "size"), pick(file, "object", "text")]).toEqual([
      0o120000,
      14,
      "pyproject.toml",
    ]);
    expect(pick(found, "defaultBranchRef", "target", "none")).toBeNull();
    const empty = `{ repository(owner: "acme", name: "empty") { isEmpty defaultBranchRef { name } object(expression: "HEAD:x") { oid } pushedAt } }`;
    expect(pick(await ask(empty), "data", "repository")).toEqual({
      isEmpty: true,
      defaultBranchRef: null,
      object: null,
      pushedAt: null,
    });
  });

  it("nodes by id: what is gone is null, the rest is there", async () => {
    const ids = [nodeId("Repository", repositories.core.id), nodeId("Repository", 7), nodeId("Team", teams.docs.id)];
    const answer = await ask(
      "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { name } ... on Team { slug } } }",
      { ids },
    );
    expect(pick(answer, "data", "nodes")).toEqual([{ name: "core" }, null, { slug: "docs" }]);
    expect(pluck(pick(answer, "errors"), "type")).toEqual(["NOT_FOUND"]);
    expect(pick(answer, "errors", 0, "path")).toEqual(["nodes", 1]);
  });

  it("pages by cursor, steady while things change", async () => {
    const first = await pageOfThree();
    expect(pluck(pick(first, "nodes"), "name")).toEqual(["core", "utils", "tools"]);
    edit.deleteRepository(repositories.utils);
    edit.deleteRepository(repositories.tools);
    const second = await pageOfThree(String(pick(first, "pageInfo", "endCursor")));
    expect(pluck(pick(second, "nodes"), "name")).toEqual(["site", "shared", "legacy"]);
    expect(pick(second, "pageInfo", "hasNextPage")).toBe(true);
  });
});
