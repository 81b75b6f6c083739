import { packageName } from "../domain/facts-builder.ts";
import { afterEach, describe, expect, it } from "vitest";
import { createLifetimes } from "./lifetimes.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import type { Repository, Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";

const ACTIONS = ["read", "upload", "yank", "delete", "manage"];
const project = (name: string): string => `[project]\nname = "${name}"\n`;
const declaring = (name: string) => ({ "pyproject.toml": project(name) });

type Acme = ReturnType<typeof acmeOrganization>;
interface Stage {
  readonly github: Simulator;
  readonly acme: Acme;
  /** A repository of the attacker, who administers it. */
  readonly own: (name: string, files?: Record<string, string>) => Repository;
}

let packgate: Running | undefined;
afterEach(async () => {
  await packgate?.stop();
  packgate = undefined;
});

async function stage(policy: string): Promise<Stage & { readonly running: Running }> {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  if (policy !== "") {
    github.edit.createRepository(acme.organization, { name: ".github", files: { "packgate.toml": policy } });
  }
  const running = await startPackgate(github, { env: { PACKGATE_ORGS: acme.organization.login } });
  packgate = running;
  await running.settle();
  const own: Stage["own"] = (name, files = {}) =>
    github.edit.createRepository(acme.organization, { name, files, creator: acme.users.erin });
  return { github, acme, own, running };
}

/** What erin, who is no more than a member, may do to a package, over HTTP. */
async function mayDo(running: Running, name: string): Promise<string[]> {
  const answers = await Promise.all(ACTIONS.map((action) => running.ask({ package: name, action, user: "erin" })));
  return ACTIONS.filter((_, index) => answers[index]?.status === 200);
}

const PINNED = 'version = 1\n[packages.acme-core]\nrepository = "core"\n';
const RESERVED = 'version = 1\n[names]\nreserved = { "corp-*" = ["core"] }\n';

type Attack = (stage: Stage) => void;
const ATTACKS: Record<string, { readonly policy?: string; readonly target?: string; readonly attack: Attack }> = {
  "a second claim": { attack: ({ own }) => own("mine", declaring("acme-core")) },
  "a rename of the manifest": {
    attack: ({ github, own }) => {
      const mine = own("mine", declaring("mine"));
      github.edit.push(mine, { write: declaring("acme-core") });
    },
  },
  "deletion and creation under the same name": {
    attack: ({ github, acme, own }) => {
      github.edit.deleteRepository(acme.repositories.core);
      own("core", declaring("acme-core"));
    },
  },
  "a fork": {
    attack: ({ github, acme }) => {
      const fork = github.edit.forkRepository(acme.repositories.core, acme.organization, "core-of-erin");
      github.edit.setCollaborator(fork, acme.users.erin, "admin");
    },
  },
  "the holder being archived": {
    attack: ({ github, acme, own }) => {
      github.edit.archiveRepository(acme.repositories.core);
      own("mine", declaring("acme-core"));
    },
  },
  "the holder being transferred away": {
    attack: ({ github, acme, own }) => {
      const other = github.edit.createOrganization({ login: "elsewhere" });
      github.edit.transferRepository(acme.repositories.core, other);
      own("mine", declaring("acme-core"));
    },
  },
  "a repository transferred in": {
    attack: ({ github, acme }) => {
      const other = github.edit.createOrganization({ login: "elsewhere" });
      const theirs = github.edit.createRepository(other, { name: "theirs", files: declaring("acme-core") });
      github.edit.transferRepository(theirs, acme.organization);
      github.edit.setCollaborator(theirs, acme.users.erin, "admin");
    },
  },
  "letter case": { attack: ({ own }) => own("mine", declaring("Acme-CORE")) },
  "runs of dots, underscores and dashes": { attack: ({ own }) => own("mine", declaring("acme-_.core")) },
  "a letter of another script": { attack: ({ own }) => own("mine", declaring("a\u0441me-core")) },
  "another branch": {
    attack: ({ github, own }) => {
      const mine = own("mine", declaring("mine"));
      github.edit.createBranch(mine, "other");
      github.edit.push(mine, { branch: "other", write: declaring("acme-free") });
    },
    target: "acme-free",
  },
  "a dynamic name": {
    attack: ({ own }) => own("mine", { "pyproject.toml": '[project]\ndynamic = ["name"]\n', "setup.py": "acme-free" }),
    target: "acme-free",
  },
  "a reserved prefix from the wrong repository": {
    policy: RESERVED,
    target: "corp-api",
    attack: ({ own }) => own("mine", declaring("corp-api")),
  },
  "the reserved prefix itself": {
    policy: RESERVED,
    target: "corp",
    attack: ({ own }) => own("mine", declaring("corp")),
  },
  "a second organization": {
    attack: ({ github, acme }) => {
      const other = github.edit.createOrganization({ login: "elsewhere" });
      github.edit.addMember(other, acme.users.erin);
      const theirs = github.edit.createRepository(other, { name: "core", files: declaring("acme-core") });
      github.edit.setCollaborator(theirs, acme.users.erin, "admin");
    },
  },
  "a claim right after the holder is renamed": {
    attack: ({ github, acme, own }) => {
      github.edit.renameRepository(acme.repositories.core, "core-2");
      own("core", declaring("acme-core"));
    },
  },
  "a repository under the name that a pin has, right after the holder is renamed": {
    policy: PINNED,
    attack: ({ github, acme, own }) => {
      github.edit.renameRepository(acme.repositories.core, "core-2");
      own("core", declaring("acme-core"));
    },
  },
  "a repository under the name that a pin has, after the holder is deleted": {
    policy: PINNED,
    attack: ({ github, acme, own }) => {
      github.edit.deleteRepository(acme.repositories.core);
      own("core", declaring("acme-core"));
    },
  },
};

describe("nobody gets a package by", () => {
  it.each(Object.entries(ATTACKS))("%s", async (_, { policy = "", target = "acme-core", attack }) => {
    const found = await stage(policy);
    const { github, acme, running } = found;
    github.edit.addMember(acme.organization, acme.users.erin);
    github.edit.setBasePermission(acme.organization, "none");
    await running.settle();
    await running.service.http.organizations()[0]?.confirm(undefined, packageName(target), Date.now());
    const before = new Set(await mayDo(running, target));
    attack(found);
    const gained = new Set<string>();
    let settled = false;
    const settling = running.settle().then(() => (settled = true));
    do {
      for (const action of await mayDo(running, target)) if (!before.has(action)) gained.add(action);
    } while (!settled);
    await settling;
    for (const action of await mayDo(running, target)) if (!before.has(action)) gained.add(action);
    expect([...gained]).toEqual([]);
    // The attacker was there, and what is refused is not refused for want of an answer.
    const { status } = await running.ask({ package: target, action: "upload", user: "erin" });
    expect(status).toBe(403);
  });

  it("the state being lost, and whoever withdraws and comes back after that", async () => {
    const world = createLifetimes();
    try {
      const { github, acme, settled } = world;
      github.edit.addMember(acme.organization, acme.users.erin);
      const old = github.edit.createRepository(acme.organization, { name: "aged", files: declaring("aged") });
      old.createdAt = 0;
      github.edit.setCollaborator(old, acme.users.erin, "admin");
      github.edit.push(old, { write: declaring("acme-core") });
      const running = await settled();
      const may = async () => (await mayDo(running, "acme-core")).filter((action) => action !== "read");
      expect(await may()).toEqual([]);
      github.edit.push(old, { write: declaring("aged") });
      await running.settle();
      github.edit.push(old, { write: declaring("acme-core") });
      await running.settle();
      expect(await may()).toEqual([]);
    } finally {
      await world.end();
    }
  });
});

describe("a policy that is pushed", () => {
  const ALLOWING =
    'version = 1\n[[rules]]\nwho = ["user:erin"]\npackages = ["acme-core"]\npermissions = "r"\neffect = "allow"\n';
  const problems = (running: Running) =>
    running.service.http.readiness().problems.filter((each) => each.includes("packgate.toml"));

  it("changes nothing while it is broken and says where, and decides once it is mended", async () => {
    const { github, acme, running } = await stage("version = 1\n");
    github.edit.addMember(acme.organization, acme.users.erin);
    const home = [...acme.organization.repositories.values()].find(({ name }) => name === ".github");
    if (home === undefined) throw new Error("there is no .github");
    await running.settle();
    const questions = ["alice", "bob", "carol", "dave", "erin"].flatMap((user) =>
      ACTIONS.map((action) => ({ package: "acme-core", action, user })),
    );
    const answers = async () =>
      (await Promise.all(questions.map((question) => running.ask(question)))).map(({ body }) => body["decision"]);
    const before = await answers();
    github.resetCounts();
    github.edit.push(home, { write: { "packgate.toml": 'version = 1\n[names]\nclaim = "frist"\n' } });
    let settled = false;
    const settling = running.settle().then(() => (settled = true));
    do expect(await answers()).toEqual(before);
    while (!settled);
    await settling;
    expect(await answers()).toEqual(before);
    expect(github.counts.byRoute.get("GET /repos/{owner}/{repo}/contents/{path}")).toBe(1);
    expect(problems(running)).toEqual([expect.stringMatching(/packgate\.toml:3:\d+: .*[^]*\^/)]);
    const ready: unknown = await (await fetch(`${running.url}/readyz`)).json();
    expect(JSON.stringify(ready)).toContain("packgate.toml:3:");
    expect(await (await fetch(`${running.url}/metrics`)).text()).toContain('packgate_policy_valid{org="acme"} 0');

    github.edit.push(home, { write: { "packgate.toml": ALLOWING } });
    await running.settle();
    expect(problems(running)).toEqual([]);
    expect(await mayDo(running, "acme-core")).toContain("read");
  });

  it("that has always been broken lets nothing be served until it is mended", async () => {
    const { github, acme, running } = await stage("version = 2\n");
    expect((await running.ask({ package: "acme-core", action: "read", user: "carol" })).body["reason"]).toBe(
      "not-synced",
    );
    expect(problems(running)[0]).toContain("nothing is served");
    const home = [...acme.organization.repositories.values()].find(({ name }) => name === ".github");
    if (home !== undefined) github.edit.push(home, { write: { "packgate.toml": "version = 1\n" } });
    await running.settle();
    expect((await running.ask({ package: "acme-core", action: "read", user: "carol" })).status).toBe(200);
  });
});
