import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";
import { encodeForm, FORM_TYPE, uploadParts } from "../index-paths/forms.ts";
import type { Repository } from "../simulator/index.ts";

let runs: AcmeRuns;
let home: Repository;
beforeAll(async () => {
  runs = await startAcmeRuns();
  home = runs.github.edit.createRepository(runs.acme.organization, { name: ".github", files: {} });
  await runs.packgate.settle();
});
afterAll(() => runs.stop());

/** Pushes a policy with these entries of publishers, the first on line 3, and whatever else. */
async function push(entries: string, more = ""): Promise<void> {
  const text = `version = 1\n[publishers]\n${entries}\n${more}`;
  runs.github.edit.push(home, { write: { "packgate.toml": text } });
  await runs.packgate.settle();
}

const FILE = "acme/core/.github/workflows";
const ON_TAG = { ref: "refs/tags/v1", ref_type: "tag", workflow_ref: `${FILE}/release.yml@refs/tags/v1` };

const mint = async (more: Readonly<Record<string, unknown>>) => {
  const { status, body } = await runs.mint(await runs.token(more));
  const [error] = Object(body)["errors"] ?? [];
  return { status, error: body["error"], description: error?.description, token: String(body["token"]) };
};
const ask = (action: string, token: string) =>
  runs.packgate.ask({ package: "acme-core", action, token, explain: true });

/** An upload through a proxy. @param name the package, where the proxy shows the form; nginx shows none */
async function upload(token: string, name?: string): Promise<readonly [status: number, reason: string | null]> {
  const { url } = runs.packgate;
  const headers = {
    "x-packgate-key": INDEX_SECRET,
    authorization: `Basic ${Buffer.from(`__token__:${token}`).toString("base64")}`,
  };
  const original = { "x-original-uri": "/legacy/", "x-original-method": "POST" };
  const form = name && encodeForm(uploadParts(name, `${name.replaceAll("-", "_")}-1.0.zip`));
  const response = form
    ? await fetch(`${url}/authorize/envoy/legacy/`, {
        method: "POST",
        headers: { ...headers, "content-type": FORM_TYPE },
        body: Buffer.from(form, "latin1"),
      })
    : await fetch(`${url}/authorize/nginx`, { headers: { ...headers, ...original } });
  return [response.status, response.headers.get("x-packgate-reason")];
}

describe("publishers of a policy that is pushed", () => {
  it("refuse to make a token, let one be made once mended, and end its right when they refuse again", async () => {
    await push('core = { workflow = ["publish.yml"], ref = ["refs/tags/*"] }');
    const sentence =
      "a run of acme/core may not upload acme-core: packgate.toml:3 lets only publish.yml of its repository's workflows publish; start the run from there, or have that line changed";
    expect(await mint(ON_TAG)).toMatchObject({ status: 422, error: "invalid-publisher", description: sentence });

    // GitHub's own token is judged alike.
    const own = await runs.token(ON_TAG);
    expect(await ask("upload", own)).toMatchObject({
      status: 403,
      body: {
        decision: "deny",
        reason: "rule",
        message: sentence,
        repository: "acme/core",
        evidence: [{ kind: "rule", rule: "packgate.toml:3", effect: "deny" }],
      },
    });
    expect(await runs.may("read", "acme-core", own)).toBe("allow");
    expect((await runs.introspect(own, { package: "acme-core" }))["scope"]).toBe("read:acme-core");

    await push('core = { workflow = ["release.yml"], ref = ["refs/tags/*"] }');
    const { status, token } = await mint(ON_TAG);
    expect(status).toBe(200);
    for (const each of [token, own]) expect(await runs.may("upload", "acme-core", each)).toBe("allow");
    expect((await runs.introspect(token))["scope"]).toBe("read:acme-core upload:acme-core");

    await push('core = "refuse"');
    for (const each of [token, own]) {
      expect(await ask("upload", each)).toMatchObject({
        status: 403,
        body: { reason: "rule", evidence: [{ rule: "packgate.toml:3" }] },
      });
      expect(await runs.may("read", "acme-core", each)).toBe("allow");
      expect((await runs.introspect(each, { package: "acme-core" }))["scope"]).toBe("read:acme-core");
    }
    expect((await mint(ON_TAG)).description).toMatch(/packgate\.toml:3 lets no workflow of its repository publish/);
    // Other repositories' runs, and people, are as before.
    const mono = { repository_id: String(runs.acme.repositories.mono.id) };
    expect((await mint(mono)).status).toBe(200);
    const alice = runs.github.tokenFor(runs.acme.users.alice.id);
    expect(await runs.may("upload", "acme-core", alice)).toBe("allow");

    // What has a fault changes nothing.
    await push('core = "refused"');
    expect(await runs.may("upload", "acme-core", token)).toBe("rule");
    await push('core = "default"');
    expect(await runs.may("upload", "acme-core", token)).toBe("allow");
  });

  it("never let a run publish that may not by default, nor does a rule beyond them", async () => {
    const feature = { ref: "refs/heads/feature", workflow_ref: `${FILE}/release.yml@refs/heads/feature` };
    await push('core = { ref = ["refs/heads/feature", "refs/heads/main"] }');
    expect((await mint(feature)).description).toMatch(/neither the default branch, nor a tag, nor a protected ref/);
    expect(await runs.may("upload", "acme-core", await runs.token(feature))).toBe("token-scope");
    expect((await mint({ ...feature, ref_protected: "true" })).status).toBe(200);
    expect((await mint({ event_name: "pull_request_target" })).description).toMatch(
      /pull_request_target may only read/,
    );

    const rule = '[[rules]]\nwho = ["workflow:core"]\npackages = ["*"]\npermissions = "cu"\neffect = "allow"\n';
    await push('core = { workflow = ["promote.yml"] }', rule);
    const promote = { workflow_ref: `${FILE}/promote.yml@refs/heads/main` };
    expect(await runs.may("yank", "acme-alpha", await runs.token(promote))).toBe("allow");
    expect(await runs.may("yank", "acme-alpha", await runs.token())).toBe("rule");
  });

  it.each<[about: string, claims: Record<string, unknown>, may: string]>([
    ["the file of the run", {}, "allow"],
    [
      "whichever workflow its job calls",
      { job_workflow_ref: "acme/ci/.github/workflows/x.yml@refs/heads/main" },
      "allow",
    ],
    [
      "no file of that name elsewhere",
      { workflow_ref: "acme/ci/.github/workflows/release.yml@refs/heads/main" },
      "rule",
    ],
    [
      "no file called by the run",
      { workflow_ref: `${FILE}/ci.yml@refs/heads/main`, job_workflow_ref: `${FILE}/release.yml@refs/heads/main` },
      "rule",
    ],
    ["no file on another ref", { workflow_ref: `${FILE}/release.yml@refs/heads/feature` }, "rule"],
    ["no label", { workflow: "release.yml", workflow_ref: undefined }, "rule"],
  ])("mean by a workflow %s", async (_, claims, may) => {
    await push('core = { workflow = ["release.yml"] }');
    expect(await runs.may("upload", "acme-core", await runs.token(claims))).toBe(may);
    expect((await mint(claims)).status).toBe(may === "allow" ? 200 : 422);
  });

  it("ask for the environment, however a job spells it", async () => {
    await push('core = { environment = ["Release"] }');
    expect((await mint({ environment: "release" })).status).toBe(200);
    expect((await mint({ environment: "RELEASE" })).status).toBe(200);
    expect((await mint({ environment: "releases" })).status).toBe(422);
    expect((await mint({})).status).toBe(422);
  });

  it("ask for what set the run off, of a token that is alive when they begin to, as well", async () => {
    const comment = { event_name: "issue_comment" };
    await push('core = "default"');
    const [by, own] = [await runs.minted(comment), await runs.token(comment)];
    const pushed = await runs.minted();
    for (const token of [by, own, pushed]) expect(await runs.may("upload", "acme-core", token)).toBe("allow");

    await push('"*" = { event = ["push", "release", "workflow_dispatch"] }');
    expect(await runs.may("upload", "acme-core", pushed)).toBe("allow");
    const sentence =
      "a run of acme/core may not upload acme-core: packgate.toml:3 lets only runs set off by push, release or workflow_dispatch publish; set it off so, or have that line changed";
    for (const token of [by, own]) {
      expect((await ask("upload", token)).body).toMatchObject({
        reason: "rule",
        message: sentence,
        evidence: [{ kind: "rule", rule: "packgate.toml:3", effect: "deny" }],
      });
      expect(await runs.may("read", "acme-core", token)).toBe("allow");
      expect((await runs.introspect(token, { package: "acme-core" }))["scope"]).toBe("read:acme-core");
      for (const name of [undefined, "acme-core"]) expect(await upload(token, name)).toEqual([403, "rule"]);
    }
    expect(await mint(comment)).toMatchObject({ status: 422, error: "invalid-publisher", description: sentence });
    expect((await mint({ event_name: "release" })).status).toBe(200);
    // No entry lets strangers' events publish: one that names them is a fault, and changes nothing.
    await push('"*" = { event = ["pull_request_target"] }');
    expect((await mint({ event_name: "pull_request_target" })).description).toMatch(/may only read/);
    expect(await runs.may("upload", "acme-core", pushed)).toBe("allow");
  });

  it("bind whoever uploads through a proxy, shown or not", async () => {
    await push('core = { workflow = ["release.yml"], environment = ["release"] }');
    const good = { environment: "release" };
    for (const token of [await runs.token(good), await runs.minted(good)]) {
      expect(await upload(token)).toEqual([200, "workflow"]);
      expect(await upload(token, "acme-core")).toEqual([200, "workflow"]);
    }
    // Whoever may upload something is asked what it is.
    expect(await upload(await runs.minted(good), "acme-alpha")).toEqual([403, "token-scope"]);
    expect(await upload(await runs.token(good), "acme-alpha")).toEqual([403, "no-grant"]);
    const preview = await runs.token({ environment: "preview" });
    for (const name of [undefined, "acme-core"]) expect(await upload(preview, name)).toEqual([403, "rule"]);
    const token = await runs.minted(good);
    await push('core = "refuse"');
    for (const name of [undefined, "acme-core"]) expect(await upload(token, name)).toEqual([403, "rule"]);
  });

  it("are spoken of while they name a repository that is not there", async () => {
    const problems = (): string[] =>
      runs.packgate.service.http.readiness().problems.filter((each) => /publishers/.test(each));
    await push('kernel = "refuse"');
    expect(problems()).toEqual([expect.stringMatching(/^packgate\.toml:3: publishers names the repository "kernel"/)]);
    runs.github.edit.renameRepository(runs.acme.repositories.core, "kernel");
    await runs.packgate.settle();
    expect(problems()).toEqual([]);
    // From now on it is called so, and is meant.
    expect((await mint({ repository: "acme/kernel" })).status).toBe(422);
  });
});
