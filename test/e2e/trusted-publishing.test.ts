import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { documented } from "./documented.ts";
import { pip, uv, writePackage } from "./index.ts";
import { ROOT } from "./process.ts";
import type { PublishingStage } from "./trusted-publishing.ts";
import { startPublishingStage } from "./trusted-publishing.ts";

/** With the real uv and twine, and the requests of PyPA's action. */
describe("publishing without a secret", () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await startPublishingStage();
  });
  afterAll(() => stage.stop());
  afterEach(() => {
    stage.asked();
    stage.index.empty();
  });

  const byTheAction = (path: string): [lines: string, inputs: Record<string, string>] => {
    const given = documented(stage.index.url).action;
    expect(given).toEqual({ "repository-url": `${stage.index.url}/`, attestations: false });
    return [`python ${ROOT}/test/e2e/action.py`, { INPUT_REPOSITORY_URL: given["repository-url"], MINT_PATH: path }];
  };
  const uvPublish = (): string => documented(stage.index.url).uv.at(-1) ?? "";

  const WHEEL = "acme_core-1.0-py3-none-any.whl";
  const AUDIENCE = "GET /_/oidc/audience 200";
  const MINT = "POST /_/oidc/mint-token";
  const BURN = "POST /_/oidc/burn-token 202";
  const DECIDE = "POST /authorize";

  it("takes what uv builds and publishes, in the steps of the documentation", async () => {
    const { uv: lines } = documented(stage.index.url);
    expect(lines.join()).toContain("uv publish --trusted-publishing always");
    const job = stage.job({ ref: "refs/tags/v1.0", ref_type: "tag" });
    expect(await stage.inJob(writePackage("acme-core", "1.0"), lines.join("\n"), job)).toMatchObject({ code: 0 });
    expect(stage.index.files()).toEqual([WHEEL, "acme_core-1.0.tar.gz"]);
    // It ends its token as soon as it has done with it.
    expect(stage.asked()).toEqual([AUDIENCE, `${MINT} 200`, `${DECIDE} 200`, `${DECIDE} 200`, BURN]);

    const { bob } = stage;
    const found = await Promise.all([pip(stage.index, bob, "acme-core==1.0"), uv(stage.index, bob, "acme-core==1.0")]);
    expect(found).toMatchObject([{ code: 0 }, { code: 0 }]);
  });

  it.each([
    ["as it is today", "/_/oidc/mint-token"],
    ["as it was in 2023", "/_/oidc/github/mint-token"],
  ])("takes what gh-action-pypi-publish publishes, %s", async (_, path) => {
    const [lines, inputs] = byTheAction(path);
    const result = await stage.inJob(stage.built.core, lines, { ...stage.job(), ...inputs });
    expect(result).toMatchObject({ code: 0 });
    expect(stage.index.files()).toEqual([WHEEL]);
    expect(stage.asked()).toEqual([AUDIENCE, `POST ${path} 200`, `${DECIDE} 200`]);
  });

  it("takes what twine uploads with a token that the job has minted, until that is ended", async () => {
    const { code, output } = await stage.inJob(stage.built.core, documented(stage.index.url).twine, stage.job());
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(stage.index.files()).toEqual([WHEEL]);
    expect(stage.asked()).toEqual([`${MINT} 200`, `${DECIDE} 200`]);
    stage.index.empty();
    const [, token = ""] = /::add-mask::(pgt_\S+)/.exec(output) ?? [];

    const upload = `twine upload --repository-url ${stage.index.url}/ -u __token__ -p "$token" dist/*`;
    const burn = `curl -sSf ${stage.index.url}/_/oidc/burn-token -d "{\\"token\\":\\"$token\\"}"`;
    const refused = await stage.inJob(stage.built.core, `${burn}\n${upload}`, { token });
    expect(refused.code).not.toBe(0);
    expect(stage.asked()).toEqual([BURN, `${DECIDE} 401`]);
    expect(stage.index.files()).toEqual([]);
  });

  it("takes what twine uploads with the run's own token", async () => {
    const [ask = ""] = documented(stage.index.url).twine.split("\n");
    const upload = `twine upload --repository-url ${stage.index.url}/ -u __token__ -p "$oidc" dist/*`;
    const result = await stage.inJob(stage.built.core, `${ask}\n${upload}`, stage.job());
    expect(result).toMatchObject({ code: 0 });
    expect(stage.asked()).toEqual([`${DECIDE} 200`]);
    expect(stage.index.files()).toEqual([WHEEL]);
  });

  it.each<[string, () => Record<string, unknown>, string]>([
    [
      "of a pull request",
      () => ({ event_name: "pull_request", ref: "refs/pull/7/merge" }),
      "a run of acme/core may not upload acme-core: runs set off by pull_request may only read: publish from one that a push, a release or workflow_dispatch sets off",
    ],
    [
      "on any branch",
      () => ({ ref: "refs/heads/feature" }),
      "a run of acme/core may not upload acme-core: it runs on neither the default branch, nor a tag, nor a protected ref",
    ],
    [
      "of a repository without a package",
      () => ({ repository_id: String(stage.shared) }),
      "acme/shared holds no package: declare one in a manifest on its default branch",
    ],
  ])("gives a job %s no token, and uv and the action show why", async (_, claims, sentence) => {
    const [lines, inputs] = byTheAction("/_/oidc/mint-token");
    const folder = stage.built.core;
    const refused = await Promise.all([
      stage.inJob(folder, uvPublish(), stage.job(claims())),
      stage.inJob(folder, lines, { ...stage.job(claims()), ...inputs }),
    ]);
    for (const { code, output } of refused) {
      expect(output).toContain(sentence);
      expect(code).not.toBe(0);
    }
    expect(stage.asked().toSorted()).toEqual([AUDIENCE, AUDIENCE, `${MINT} 422`, `${MINT} 422`]);
    expect(stage.index.files()).toEqual([]);
  });

  it("takes no package of another repository, and uv and twine show why", async () => {
    const refused = await Promise.all([
      stage.inJob(stage.built.alpha, uvPublish(), stage.job()),
      stage.inJob(stage.built.alpha, documented(stage.index.url).twine, stage.job()),
    ]);
    for (const { code, output } of refused) {
      expect(output).toContain(
        "a run of acme/core may not upload acme-alpha: the token is bound to the packages of its",
      );
      expect(code).not.toBe(0);
    }
    const exchanges = [AUDIENCE, BURN, `${MINT} 200`, `${MINT} 200`];
    expect(stage.asked().toSorted()).toEqual([...exchanges, `${DECIDE} 403`, `${DECIDE} 403`]);
    expect(stage.index.files()).toEqual([]);
  });

  it("tells nothing to whom does not know the certificate, and asks nothing for a job that may not ask GitHub", async () => {
    const folder = stage.built.core;
    const [stranger, withoutLeave] = await Promise.all([
      stage.inJob(folder, uvPublish(), { ...stage.job(), SSL_CERT_FILE: "/dev/null" }),
      stage.inJob(folder, uvPublish(), { GITHUB_ACTIONS: "true" }),
    ]);
    expect([stranger.code, withoutLeave.code]).not.toContain(0);
    expect(stranger.output).toMatch(/certificate/i);
    expect(stage.asked()).toEqual([AUDIENCE]);
    expect(stage.index.files()).toEqual([]);
  });

  it("leads to Packgate for nothing but this", async () => {
    const paths = {
      "/_/oidc/audience": 200,
      "/metrics": 403,
      "/openapi.json": 403,
      "/_/../metrics": 403,
      "/_/%2e%2e/metrics": 403,
      "/_/oidc/..%2f..%2fmetrics": 403,
    };
    const curl = `for path in ${Object.keys(paths).join(" ")}; do
      curl -sS --path-as-is -o /dev/null -w '%{http_code} ' ${stage.index.url}$path
    done`;
    expect((await stage.inJob("/", curl, {})).output.trim().split(" ").map(Number)).toEqual(Object.values(paths));
    expect(stage.asked()).toEqual([AUDIENCE]);
  });
});
