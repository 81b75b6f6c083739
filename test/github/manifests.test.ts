import { afterEach, describe, expect, it } from "vitest";
import type { Repository as RepositoryFact } from "../../src/domain/facts.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import type { Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { expectTruth } from "./support/against-truth.ts";

type Files = NonNullable<Parameters<Simulator["edit"]["createRepository"]>[1]["files"]>;

const project = (name: string): string => `[project]\nname = "${name}"\n`;
const workspace = (...members: string[]): string =>
  `[tool.uv.workspace]\nmembers = [${members.map((glob) => JSON.stringify(glob)).join(", ")}]\n`;

describe("manifests, as GitHub shows them", () => {
  let packgate: Running;
  afterEach(async () => packgate.stop());

  const simulate = () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    return { github, ...acmeOrganization(github) };
  };
  const factOf = (id: number): RepositoryFact => {
    const fact = packgate.service.http.organizations()[0]?.view().facts.repositories.get(id)?.value;
    if (fact === undefined) throw new Error(`repository ${id} is unknown`);
    return fact;
  };
  const readWith = async (files: Files | undefined, prepare?: (github: Simulator) => void) => {
    const { github, organization } = simulate();
    const repository = github.edit.createRepository(organization, {
      name: "subject",
      ...(files !== undefined && { files }),
    });
    prepare?.(github);
    packgate = await startPackgate(github);
    await packgate.settle();
    const { declarations, problems } = factOf(repository.id);
    return {
      github,
      repository,
      names: declarations.map(({ name, path }) => `${path}: ${name}`),
      problems: problems.map(({ path, message }) => `${path}: ${message}`),
    };
  };

  it("a workspace with members, in more files than one query takes", async () => {
    const members = Array.from(
      { length: 120 },
      (_, n) => [`packages/p${n}/pyproject.toml`, project(`many-${n}`)] as const,
    );
    const { github, names, problems } = await readWith({
      "pyproject.toml": workspace("packages/*"),
      ...Object.fromEntries(members),
    });
    expect(names).toHaveLength(120);
    expect(names).toContain("packages/p119/pyproject.toml: many-119");
    expect(problems).toEqual([]);
    expectTruth(github, packgate.service);
  });

  it("a thousand members", async () => {
    const members = Array.from({ length: 1000 }, (_, n) => [`libs/p${n}/pyproject.toml`, project(`k-${n}`)] as const);
    const { names, problems } = await readWith({
      "pyproject.toml": workspace("libs/*"),
      ...Object.fromEntries(members),
    });
    expect({ names: new Set(names).size, problems }).toEqual({ names: 1000, problems: [] });
  });

  it("a workspace that is too much for GitHub in one query is asked for in parts", async () => {
    const members = Array.from(
      { length: 60 },
      (_, n) => [`packages/p${n}/pyproject.toml`, project(`part-${n}`)] as const,
    );
    let refused = 0;
    const { github, organization } = simulate();
    const repository = github.edit.createRepository(organization, {
      name: "subject",
      files: { "pyproject.toml": workspace("packages/*"), ...Object.fromEntries(members) },
    });
    packgate = await startPackgate(github, {
      surroundings: {
        fetch: async (input, init) => {
          const body = typeof init?.body === "string" ? init.body : "";
          if (body.includes("query Files") && body.split(": file(").length - 1 > 10) {
            refused += 1;
            return new Response("", { status: 502 });
          }
          return github.fetch(input, init);
        },
      },
    });
    await packgate.settle();
    expect(refused).toBeGreaterThan(0);
    expect(factOf(repository.id).declarations).toHaveLength(60);
    expectTruth(github, packgate.service);
  });

  it("a symbolic link declares nothing", async () => {
    const { names, problems } = await readWith({
      "pyproject.toml": { mode: "120000", content: "real/pyproject.toml" },
      "real/pyproject.toml": project("linked"),
    });
    expect(names).toEqual([]);
    expect(problems).toEqual([expect.stringContaining("symbolic link")]);
  });

  it("a directory by the name of a manifest declares nothing", async () => {
    const { names } = await readWith({ "pyproject.toml/README.md": "a directory" });
    expect(names).toEqual([]);
  });

  it.each([
    { title: "binary", content: new Uint8Array([0, 1, 2, 0, 255]) },
    { title: "not UTF-8", content: new Uint8Array([...Buffer.from('[project]\nname = "latin-'), 0xe9, 0x22, 0x0a]) },
    { title: "more than GitHub shows", content: `${project("huge")}# ${"x".repeat(1_100_000)}\n` },
  ])("a file that is $title is a problem, and declares nothing", async ({ content }) => {
    const { names, problems } = await readWith({ "pyproject.toml": content });
    expect(names).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(/^pyproject\.toml: /)]);
  });

  it("a byte order mark is no matter", async () => {
    const { github, organization } = simulate();
    const files = { "pyproject.toml": `\uFEFF${project("marked")}` };
    const repository = github.edit.createRepository(organization, { name: "subject", files });
    packgate = await startPackgate(github, {
      surroundings: {
        // The simulator's decoder swallows the mark; GitHub's text keeps every character of the file.
        fetch: async (input, init) => {
          const response = await github.fetch(input, init);
          const body = await response.text();
          const { status, headers } = response;
          if (!response.ok) return new Response(body === "" ? null : body, { status, headers });
          return new Response(body.replace('"[project]\\nname = \\"marked', '"\\ufeff[project]\\nname = \\"marked'), {
            status,
            headers,
          });
        },
      },
    });
    await packgate.settle();
    expect(factOf(repository.id)).toMatchObject({ declarations: [{ name: "marked" }], problems: [] });
  });

  it("an empty repository declares nothing, and is no problem", async () => {
    expect(await readWith(undefined)).toMatchObject({ names: [], problems: [] });
  });

  it("a tree that GitHub lists in part is a problem", async () => {
    const { problems } = await readWith(
      { "pyproject.toml": workspace("packages/*"), "packages/a/pyproject.toml": project("cut-a") },
      (github) => github.faults.truncateTrees(1),
    );
    expect(problems).toContainEqual(expect.stringContaining("GitHub lists only a part of this repository's files"));
  });

  it("a workspace that changes while it is read is read as of one commit", async () => {
    const { github, organization } = simulate();
    const repository = github.edit.createRepository(organization, {
      name: "subject",
      files: { "pyproject.toml": workspace("packages/*"), "packages/a/pyproject.toml": project("one-a") },
    });
    const tree = github.faults.pause(/\/git\/trees\//, "before");
    packgate = await startPackgate(github);
    await tree.arrived;
    github.edit.push(repository, {
      write: { "packages/b/pyproject.toml": project("one-b") },
      remove: ["packages/a/pyproject.toml"],
    });
    await github.settle();
    tree.resume();
    await packgate.settle();
    expect(factOf(repository.id).declarations.map(({ name }) => String(name))).toEqual(["one-b"]);
    expectTruth(github, packgate.service);
  });

  it("another default branch is what counts from then on", async () => {
    const { github, organization } = simulate();
    const repository = github.edit.createRepository(organization, {
      name: "subject",
      files: { "pyproject.toml": project("on-main") },
    });
    github.edit.push(repository, { branch: "next", write: { "pyproject.toml": project("on-next") } });
    packgate = await startPackgate(github);
    await packgate.settle();
    github.edit.setDefaultBranch(repository, "next");
    await packgate.settle();
    expect(factOf(repository.id).declarations.map(({ name }) => String(name))).toEqual(["on-next"]);
    expectTruth(github, packgate.service);
  });

  it("many repositories, of which GitHub bears few at once", async () => {
    const { github, organization } = simulate();
    for (let n = 0; n < 70; n += 1) {
      github.edit.createRepository(organization, { name: `r${n}`, files: { "pyproject.toml": project(`r-${n}`) } });
    }
    github.faults.limitPages(6);
    packgate = await startPackgate(github);
    await packgate.settle();
    // Lists of people and teams have no size that adapts; they are small here.
    expect(packgate.service.http.organizations()[0]?.view().facts.repositories.size).toBe(80);
  });
});
