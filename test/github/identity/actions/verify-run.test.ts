import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunVerifierOptions, VerifyRun } from "../../../../src/github/identity/actions/verify-run.ts";
import { createRunVerifier } from "../../../../src/github/identity/actions/verify-run.ts";
import type { ActionsIssuer } from "../../../helpers/actions-issuer.ts";
import { runClaims, startIssuer } from "../../../helpers/actions-issuer.ts";

const NOW = 1_795_291_200_000;
let issuer: ActionsIssuer;
let time = NOW;

beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());
beforeEach(() => {
  time = NOW;
});

function verifier(more: Partial<RunVerifierOptions> = {}): VerifyRun {
  const serves = (id: number) => (id === 1 ? true : id === 2 ? undefined : false);
  return createRunVerifier({ issuers: [issuer.url], audience: "packgate", fetch, now: () => time, serves, ...more });
}

const token = (more: Record<string, unknown> = {}) =>
  issuer.sign({ ...runClaims({ issuer: issuer.url, now: NOW, repository: 100, owner: 1 }), ...more });

describe("a run's token", () => {
  it("tells which run it is, and by whom", async () => {
    const verify = verifier();
    const text = await token({ jti: "unique", environment: "release", ref_protected: "true" });
    const check = await verify(text);
    expect(check).toStrictEqual({
      status: "workload",
      identity: {
        run: {
          organization: 1,
          repository: 100,
          event: "push",
          ref: "refs/heads/main",
          refProtected: true,
          environment: "release",
          workflow: "release.yml",
        },
        bounds: undefined,
        id: "unique",
        issuer: issuer.url,
        clientId: "github:actions",
        issuedAt: NOW,
        expiresAt: NOW + 300_000,
      },
    });
    // Known by now: nobody has to be waited for.
    expect(verify(text)).toStrictEqual(check);
  });

  const began = async (more: Record<string, unknown>) => {
    const check = await verifier()(await token(more));
    return check.status === "workload" ? (check.identity.run.workflow ?? "nobody can say") : check;
  };

  it.each<[about: string, more: Record<string, unknown>, file: string]>([
    ["as is", {}, "release.yml"],
    ["whatever it calls", { job_workflow_ref: "acme/ci/.github/workflows/shared.yml@refs/tags/v1" }, "release.yml"],
    ["without a file of its own", { job_workflow_ref: undefined }, "release.yml"],
    [
      "on a tag with an @",
      { ref: "refs/tags/core@1", workflow_ref: "acme/core/.github/workflows/publish.yaml@refs/tags/core@1" },
      "publish.yaml",
    ],
    ["with an @ in its name", { workflow_ref: "acme/core/.github/workflows/a@b.yml@refs/heads/main" }, "a@b.yml"],
  ])("is of the file in its own repository that it began with: %s", async (_, more, file) => {
    expect(await began(more)).toBe(file);
  });

  it.each<[about: string, more: Record<string, unknown>]>([
    ["that is in another repository", { workflow_ref: "acme/ci/.github/workflows/release.yml@refs/heads/main" }],
    ["that is another owner's", { workflow_ref: "evil/core/.github/workflows/release.yml@refs/heads/main" }],
    ["of a repository that only begins alike", { repository: "acme/cor" }],
    ["of a repository without a name", { repository: undefined }],
    ["on another ref", { workflow_ref: "acme/core/.github/workflows/release.yml@refs/heads/feature" }],
    ["on another ref, as long", { workflow_ref: "acme/core/.github/workflows/release.yml@refs/heads/evil" }],
    ["on no ref", { workflow_ref: "acme/core/.github/workflows/release.yml" }],
    [
      "on a ref that only ends alike",
      { ref: "heads/main", workflow_ref: "acme/core/.github/workflows/release.yml@refs/heads/main" },
    ],
    ["below another folder", { workflow_ref: "acme/core/.github/workflows/old/release.yml@refs/heads/main" }],
    ["beside the folder", { workflow_ref: "acme/core/.github/release.yml@refs/heads/main" }],
    ["in another folder", { workflow_ref: "acme/core/dynamic/github-code-scanning/codeql@refs/heads/main" }],
    ["that is no YAML", { workflow_ref: "acme/core/.github/workflows/release.sh@refs/heads/main" }],
    ["without a name", { workflow_ref: "acme/core/.github/workflows/@refs/heads/main" }],
    ["with no more than an ending", { workflow_ref: "acme/core/.github/workflows/.yml@refs/heads/main" }],
    [
      "behind what looks like one",
      { workflow_ref: "acme/core/.github/workflows/release.yml@refs/heads/x/.github/workflows/a.yml@refs/heads/main" },
    ],
    ["that nobody names", { workflow_ref: undefined }],
  ])("is of no file that can be named: %s", async (_, more) => {
    expect(await began(more)).toBe("nobody can say");
  });

  it("ends when it says, though two clocks may differ by some seconds, known or not", async () => {
    const verify = verifier();
    const [known, unseen] = [await token(), await token()];
    await verify(known);
    time = NOW + 304_999;
    expect(await verify(known)).toMatchObject({ status: "workload" });
    time += 1;
    const expired = { status: "inactive", reason: "refused", problem: "has expired; a job can ask for a new one" };
    expect(verify(known)).toStrictEqual(expired);
    expect(await verify(unseen)).toStrictEqual(expired);
  });

  it("is believed no longer than its issuer has the key, also where it is known", async () => {
    const own = await startIssuer();
    const sign = () => own.sign(runClaims({ issuer: own.url, now: NOW, repository: 100, owner: 1 }));
    const verify = verifier({ issuers: [own.url] });
    const old = await sign();
    await verify(old);
    own.rotate();
    expect(await verify(await sign())).toMatchObject({ status: "workload" });
    expect(await verify(old)).toMatchObject({ problem: "is signed with a key that its issuer does not have" });
    await own.close();
  });

  it("is unverifiable where nobody can say: no keys, or an organization that may yet be served", async () => {
    const offline = verifier({ fetch: () => Promise.reject(new TypeError("fetch failed")) });
    expect(await offline(await token())).toStrictEqual({ status: "unverifiable", reason: "issuer" });
    expect(await verifier()(await token({ repository_owner_id: "2" }))).toStrictEqual({
      status: "unverifiable",
      reason: "organization",
    });
  });

  it("is looked at anew for what may change: whether its organization is served", async () => {
    let served = true;
    const verify = verifier({ serves: () => served });
    const text = await token();
    expect(await verify(text)).toMatchObject({ status: "workload" });
    served = false;
    expect(await verify(text)).toMatchObject({
      problem:
        "is of a repository whose owner is not served here: the operator installs the App there, and names it in PACKGATE_ORGS where that is set",
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["is not valid yet", { nbf: NOW / 1000 + 60 }, "is not valid yet"],
    ["was made in the future", { iat: NOW / 1000 + 60 }, "is not valid yet"],
    ["names no run", { jti: undefined }, "has no usable claim jti"],
    ["never ends", { exp: undefined }, "has no usable claim exp"],
    ["has no number for its repository", { repository_id: "acme/core" }, "has no usable claim repository_id"],
    ["has a number that is none", { repository_owner_id: 1 }, "has no usable claim repository_owner_id"],
    ["says nothing of what set it off", { event_name: undefined }, "has no usable claim event_name"],
    ["lives for more than an hour", { exp: NOW / 1000 + 3601 }, "lives longer than an hour"],
    ["is for others as well", { aud: ["packgate", "other"] }, "is made for others as well"],
    ["is for somebody else", { aud: "pypi" }, "is made for somebody else; ask for one with the audience packgate"],
    [
      "is of a stranger's issuer",
      { iss: "https://evil.example" },
      "is of an issuer that is not trusted here: the operator names it in PACKGATE_OIDC_ISSUERS",
    ],
  ])("is refused when it %s", async (_, more, problem) => {
    expect(await verifier()(await token(more))).toStrictEqual({ status: "inactive", reason: "refused", problem });
  });

  it("may name its audience as a list of one", async () => {
    expect(await verifier()(await token({ aud: ["packgate"] }))).toMatchObject({ status: "workload" });
  });

  it("is refused when it is no token at all", async () => {
    expect(await verifier()("eyJ.eyJ.x")).toMatchObject({ problem: "is no JSON Web Token of GitHub Actions" });
  });
});
