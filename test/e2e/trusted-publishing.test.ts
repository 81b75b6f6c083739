import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ActionsIssuer } from "../helpers/actions-issuer.ts";
import { startIssuer } from "../helpers/actions-issuer.ts";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import type { Actions } from "./actions.ts";
import { startActions } from "./actions.ts";
import { debianEnvironment } from "./debian.ts";
import { documented } from "./documented.ts";
import { buildPackage, pip, uv, writePackage } from "./index.ts";
import type { Server } from "./packgate.ts";
import { ready, serve, serverEnvironment } from "./packgate.ts";
import { ROOT, run } from "./process.ts";
import type { Recorder } from "./recorder.ts";
import { startRecorder } from "./recorder.ts";
import type { TlsIndex } from "./tls-index.ts";
import { startTlsIndex } from "./tls-index.ts";
import { cleanEnvironment, tool, VENV } from "./tools.ts";

/**
 * Jobs of acme/core publish with nothing but what GitHub gives them: real clients, real nginx with TLS, a real index.
 * Between these and Packgate stands somebody who writes down what is asked.
 */
describe("publishing without a secret", () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  let api: Awaited<ReturnType<typeof github.listen>>;
  let issuer: ActionsIssuer;
  let actions: Actions;
  let packgate: Server;
  let recorder: Recorder;
  let index: TlsIndex;
  /** Folders of jobs that have built a wheel: of their own package, and of acme/mono's. */
  let built: { readonly core: string; readonly alpha: string };

  beforeAll(async () => {
    api = await github.listen();
    issuer = await startIssuer();
    actions = await startActions(issuer, { repository: acme.repositories.core.id, owner: acme.organization.id });
    packgate = serve({ ...(await serverEnvironment(github, api.url)), PACKGATE_OIDC_ISSUERS: issuer.url });
    recorder = await startRecorder(packgate.url);
    index = await startTlsIndex(recorder.url);
    await ready(packgate);
    const [core = "", alpha = ""] = await Promise.all(
      ["acme-core", "acme-alpha"].map(async (name) => (await buildPackage(name, "1.0", "--wheel"))[0] ?? ""),
    );
    built = { core: dirname(dirname(core)), alpha: dirname(dirname(alpha)) };
  });
  afterAll(async () => {
    await Promise.all([index.stop(), packgate.stop()]);
    await Promise.all([recorder.close(), actions.close(), issuer.close(), api.close()]);
  });
  afterEach(() => {
    recorder.take();
    index.empty();
  });

  /** Runs lines of a job in its folder, as GitHub runs the steps of a workflow. */
  const inJob = async (folder: string, lines: string, more: Readonly<Record<string, string>>) => {
    const programs = { ...cleanEnvironment(), ...debianEnvironment(), ...index.trust };
    const PATH = `${join(VENV, "bin")}:${programs["PATH"] ?? ""}`;
    const env = { ...programs, PATH, UV_PYTHON: tool("python"), UV_NO_BUILD_ISOLATION: "1", ...more };
    const { code, output } = await run("bash", ["-e", "-c", lines], { cwd: folder, env });
    // uv and twine break lines where they like.
    return { code, output: output.replaceAll(/\s+/g, " ") };
  };
  const byTheAction = (path: string): [lines: string, inputs: Record<string, string>] => {
    const given = documented(index.url).action;
    expect(given).toEqual({ "repository-url": `${index.url}/`, attestations: false });
    return [`python ${ROOT}/test/e2e/action.py`, { INPUT_REPOSITORY_URL: given["repository-url"], MINT_PATH: path }];
  };
  const uvPublish = (): string => documented(index.url).uv.at(-1) ?? "";
  const asked = (): string[] => recorder.take().map(({ asked, status }) => `${asked} ${status}`);

  const WHEEL = "acme_core-1.0-py3-none-any.whl";
  const AUDIENCE = "GET /_/oidc/audience 200";
  const MINT = "POST /_/oidc/mint-token";
  const BURN = "POST /_/oidc/burn-token 202";
  const DECIDE = "POST /authorize";

  it("takes what uv builds and publishes, in the steps of the documentation", async () => {
    const { uv: lines } = documented(index.url);
    expect(lines.join()).toContain("uv publish --trusted-publishing always");
    const job = actions.job({ ref: "refs/tags/v1.0", ref_type: "tag" });
    expect(await inJob(writePackage("acme-core", "1.0"), lines.join("\n"), job)).toMatchObject({ code: 0 });
    expect(index.files()).toEqual([WHEEL, "acme_core-1.0.tar.gz"]);
    // It ends its token as soon as it has done with it.
    expect(asked()).toEqual([AUDIENCE, `${MINT} 200`, `${DECIDE} 200`, `${DECIDE} 200`, BURN]);

    const bob = { login: "bob", token: github.tokenFor(acme.users.bob.id) };
    const found = await Promise.all([pip(index, bob, "acme-core==1.0"), uv(index, bob, "acme-core==1.0")]);
    expect(found).toMatchObject([{ code: 0 }, { code: 0 }]);
  });

  it.each([
    ["as it is today", "/_/oidc/mint-token"],
    ["as it was in 2023", "/_/oidc/github/mint-token"],
  ])("takes what gh-action-pypi-publish publishes, %s", async (_, path) => {
    const [lines, inputs] = byTheAction(path);
    const result = await inJob(built.core, lines, { ...actions.job(), ...inputs });
    expect(result).toMatchObject({ code: 0 });
    expect(index.files()).toEqual([WHEEL]);
    expect(asked()).toEqual([AUDIENCE, `POST ${path} 200`, `${DECIDE} 200`]);
  });

  it("takes what twine uploads with a token that the job has minted, until that is ended", async () => {
    const { code, output } = await inJob(built.core, documented(index.url).twine, actions.job());
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(index.files()).toEqual([WHEEL]);
    expect(asked()).toEqual([`${MINT} 200`, `${DECIDE} 200`]);
    index.empty();
    const [, token = ""] = /::add-mask::(pgt_\S+)/.exec(output) ?? [];

    const upload = `twine upload --repository-url ${index.url}/ -u __token__ -p "$token" dist/*`;
    const burn = `curl -sSf ${index.url}/_/oidc/burn-token -d "{\\"token\\":\\"$token\\"}"`;
    const refused = await inJob(built.core, `${burn}\n${upload}`, { token });
    expect(refused.code).not.toBe(0);
    expect(asked()).toEqual([BURN, `${DECIDE} 401`]);
    expect(index.files()).toEqual([]);
  });

  it("takes what twine uploads with the run's own token", async () => {
    const [ask = ""] = documented(index.url).twine.split("\n");
    const upload = `twine upload --repository-url ${index.url}/ -u __token__ -p "$oidc" dist/*`;
    const result = await inJob(built.core, `${ask}\n${upload}`, actions.job());
    expect(result).toMatchObject({ code: 0 });
    expect(asked()).toEqual([`${DECIDE} 200`]);
    expect(index.files()).toEqual([WHEEL]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "of a pull request",
      { event_name: "pull_request", ref: "refs/pull/7/merge" },
      "a run of acme/core may not upload acme-core: runs set off by pull_request may only read",
    ],
    [
      "on any branch",
      { ref: "refs/heads/feature" },
      "a run of acme/core may not upload acme-core: it runs on neither the default branch, nor a tag, nor a protected ref",
    ],
    [
      "of a repository without a package",
      { repository_id: String(acme.repositories.shared.id) },
      "acme/shared holds no package: declare one in a manifest on its default branch",
    ],
  ])("gives a job %s no token, and uv and the action show why", async (_, claims, sentence) => {
    const [lines, inputs] = byTheAction("/_/oidc/mint-token");
    const folder = built.core;
    const refused = await Promise.all([
      inJob(folder, uvPublish(), actions.job(claims)),
      inJob(folder, lines, { ...actions.job(claims), ...inputs }),
    ]);
    for (const { code, output } of refused) {
      expect(output).toContain(sentence);
      expect(code).not.toBe(0);
    }
    expect(asked().toSorted()).toEqual([AUDIENCE, AUDIENCE, `${MINT} 422`, `${MINT} 422`]);
    expect(index.files()).toEqual([]);
  });

  it("takes no package of another repository, and uv and twine show why", async () => {
    const refused = await Promise.all([
      inJob(built.alpha, uvPublish(), actions.job()),
      inJob(built.alpha, documented(index.url).twine, actions.job()),
    ]);
    for (const { code, output } of refused) {
      expect(output).toContain(
        "a run of acme/core may not upload acme-alpha: the token is bound to the packages of its",
      );
      expect(code).not.toBe(0);
    }
    const exchanges = [AUDIENCE, BURN, `${MINT} 200`, `${MINT} 200`];
    expect(asked().toSorted()).toEqual([...exchanges, `${DECIDE} 403`, `${DECIDE} 403`]);
    expect(index.files()).toEqual([]);
  });

  it("tells nothing to whom does not know the certificate, and asks nothing for a job that may not ask GitHub", async () => {
    const folder = built.core;
    const [stranger, withoutLeave] = await Promise.all([
      inJob(folder, uvPublish(), { ...actions.job(), SSL_CERT_FILE: "/dev/null" }),
      inJob(folder, uvPublish(), { GITHUB_ACTIONS: "true" }),
    ]);
    expect([stranger.code, withoutLeave.code]).not.toContain(0);
    expect(stranger.output).toMatch(/certificate/i);
    expect(asked()).toEqual([AUDIENCE]);
    expect(index.files()).toEqual([]);
  });

  it("leads to Packgate for nothing but this", async () => {
    const paths = {
      "/_/oidc/audience": 200,
      "/metrics": 403,
      "/openapi.json": 403,
      "/_/oidc/../../metrics": 403,
      "/_/oidc/%2e%2e/%2e%2e/metrics": 403,
      "/_/oidc/..%2f..%2fmetrics": 403,
    };
    const curl = `for path in ${Object.keys(paths).join(" ")}; do
      curl -sS --path-as-is -o /dev/null -w '%{http_code} ' ${index.url}$path
    done`;
    expect((await inJob("/", curl, {})).output.trim().split(" ").map(Number)).toEqual(Object.values(paths));
    expect(asked()).toEqual([AUDIENCE]);
  });
});
