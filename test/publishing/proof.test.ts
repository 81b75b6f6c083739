import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

let runs: AcmeRuns;
beforeAll(async () => {
  runs = await startAcmeRuns();
});
afterAll(() => runs.stop());

const CANNOT_SEE = "this token names alice but cannot see acme/core: authorize it for SSO or give it repository access";

describe("what a token proves", () => {
  const alices = (
    kind: "classic" | "fine-grained" | "oauth",
    more: Parameters<AcmeRuns["github"]["tokenFor"]>[2] = {},
  ) => runs.github.tokenFor(runs.acme.users.alice.id, kind, more);
  const ask = (action: string, token: string, name = "acme-core") =>
    runs.packgate.ask({ package: name, action, token });

  it("is enough to upload when the token itself can see the repository", async () => {
    expect(await ask("upload", alices("classic"))).toMatchObject({ status: 200, body: { reason: "team" } });
    const selected = alices("fine-grained", { repositoryIds: [runs.acme.repositories.core.id] });
    expect(await ask("upload", selected)).toMatchObject({ status: 200, body: { reason: "team" } });
  });

  it.each<[string, () => string]>([
    ["for another repository only", () => alices("fine-grained", { repositoryIds: [runs.acme.repositories.site.id] })],
    ["of some app she once clicked, without the repo scope", () => alices("oauth", { scopes: ["read:user"] })],
    ["a classic one without the repo scope", () => alices("classic", { scopes: ["read:org"] })],
  ])("is not enough with a token %s; it reads, and the denial says what to change", async (_, make) => {
    const token = make();
    expect(await ask("upload", token)).toMatchObject({
      status: 403,
      body: { decision: "deny", reason: "token-scope", message: CANNOT_SEE, user: { login: "alice" } },
    });
    expect(await ask("read", token)).toMatchObject({ status: 200 });
    expect(await runs.introspect(token, { package: "acme-core" })).toMatchObject({
      active: true,
      permissions: { "acme-core": ["read"] },
    });
  });

  it("is asked of GitHub once for a token and a repository", async () => {
    const token = alices("classic");
    const key = "GET /repos/{owner}/{repo}";
    const before = runs.github.counts.byRoute.get(key) ?? 0;
    await Promise.all([ask("upload", token), ask("upload", token), ask("upload", token)]);
    await ask("upload", token);
    expect((runs.github.counts.byRoute.get(key) ?? 0) - before).toBe(1);
  });

  it("is not asked for what nobody may do anyway, nor for reading, nor of a person the index vouches for", async () => {
    const { rest } = runs.github.counts;
    expect((await runs.packgate.ask({ package: "acme-core", action: "upload", user: "alice" })).status).toBe(200);
    expect(runs.github.counts.rest).toBe(rest);
    const token = alices("classic");
    await ask("read", token);
    await ask("upload", token, "acme-site");
    await ask("delete", token);
    // Whose it is, and no more.
    expect(runs.github.counts.rest).toBe(rest + 1);
  });

  it("is unknown while GitHub cannot be asked, and is never taken for a no", async () => {
    const token = alices("classic");
    await ask("read", token);
    runs.github.faults.status("GET /repos/{owner}/{repo}", 502, { times: 1 });
    expect(await ask("upload", token)).toMatchObject({ status: 503, body: { reason: "unverifiable" } });
    expect((await ask("upload", token)).status).toBe(200);
  });

  it("is unknown for a moment after a rename, until we have heard of it", async () => {
    const { github, acme, packgate } = runs;
    const token = alices("classic");
    await ask("read", token);
    const lost = github.faults.lose(() => true);
    github.edit.renameRepository(acme.repositories.core, "kernel");
    await github.settle();
    expect(await ask("upload", token)).toMatchObject({ status: 503, body: { reason: "unverifiable" } });
    lost.end();
    github.edit.renameRepository(acme.repositories.core, "core");
    await packgate.settle();
    expect((await ask("upload", token)).status).toBe(200);
  });

  it("is listed by introspection for each package apart", async () => {
    const all = alices("classic");
    const some = alices("fine-grained", { repositoryIds: [runs.acme.repositories.utils.id] });
    expect((await runs.introspect(all))["permissions"]).toMatchObject({
      "acme-core": ["read", "upload"],
      "acme-utils": ["read", "upload", "yank"],
    });
    expect((await runs.introspect(some))["permissions"]).toMatchObject({
      "acme-core": ["read"],
      "acme-utils": ["read", "upload", "yank"],
    });
  });
});

describe("an installation's token", () => {
  /** As GitHub gives it to a run as GITHUB_TOKEN, or to an App. */
  async function installationToken(...repositories: string[]): Promise<string> {
    const { id } = runs.acme.organization.installation ?? { id: 0 };
    const octokit = await runs.packgate.service.connection.octokit();
    const { data } = await octokit.request("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: id,
      ...(repositories.length > 0 && { repositories }),
    });
    return String(Object(data)["token"]);
  }

  it("reads what it can see, and never uploads", async () => {
    const token = await installationToken("core");
    expect(await runs.may("read", "acme-core", token)).toBe("allow");
    for (const action of ["upload", "yank", "delete", "manage"]) {
      expect(await runs.may(action, "acme-core", token)).toBe("token-scope");
    }
    expect(await runs.may("read", "acme-utils", token)).toBe("token-scope");
    expect(await runs.may("read", "acme-site", token)).toBe("token-scope");
    expect(await runs.may("read", "acme-unheard-of", token)).toBe("unclaimed");
    const { body } = await runs.packgate.ask({ package: "acme-core", action: "upload", token });
    expect(body["message"]).toBe(
      "an installation may not upload acme-core: the token of an installation may only read: a workflow publishes with its OIDC token (permissions: id-token: write)",
    );
  });

  it("is told by introspection as what it is", async () => {
    expect(await runs.introspect(await installationToken("core", "tools"))).toMatchObject({
      active: true,
      sub: "installation",
      client_id: "github:installation",
      permissions: { "acme-core": ["read"], "acme-tools": ["read"] },
    });
  });

  it("goes with no login but the placeholders", async () => {
    const password = await installationToken();
    const ask = async (username: string) =>
      (await runs.packgate.ask({ package: "acme-core", action: "read", credentials: { username, password } })).status;
    expect(await ask("x-access-token")).toBe(200);
    expect(await ask("alice")).toBe(401);
  });

  it("is refused when GitHub does not know it", async () => {
    expect(await runs.may("read", "acme-core", `ghs_123_eyJ.${"x".repeat(60)}.y`)).toBe("invalid-token");
  });
});

describe("through a proxy, which does not know yet what is uploaded", () => {
  async function upload(token: string, login = "__token__"): Promise<[status: number, reason: string | null]> {
    const { status, headers } = await fetch(`${runs.packgate.url}/authorize/nginx`, {
      headers: {
        "x-packgate-key": INDEX_SECRET,
        "x-original-uri": "/",
        "x-original-method": "POST",
        authorization: `Basic ${Buffer.from(`${login}:${token}`).toString("base64")}`,
      },
    });
    return [status, headers.get("x-packgate-reason")];
  }
  const { alice, bob } = { alice: () => runs.acme.users.alice.id, bob: () => runs.acme.users.bob.id };

  it("lets through those whose token is good for some package", async () => {
    expect(await upload(runs.github.tokenFor(alice()), "alice")).toStrictEqual([200, "team"]);
    const one = runs.github.tokenFor(alice(), "fine-grained", { repositoryIds: [runs.acme.repositories.utils.id] });
    expect(await upload(one, "alice")).toStrictEqual([200, "team"]);
    expect(await upload(await runs.token())).toStrictEqual([200, "workflow"]);
    expect(await upload(await runs.minted())).toStrictEqual([200, "workflow"]);
  });

  it("stops those whose token is good for none", async () => {
    const nothing = runs.github.tokenFor(bob(), "fine-grained", { repositoryIds: [] });
    // What is public everybody's token can see.
    expect((await upload(nothing, "bob"))[0]).toBe(200);
    expect(await upload(runs.github.tokenFor(alice(), "oauth", { scopes: ["read:user"] }), "alice")).toStrictEqual([
      403,
      "token-scope",
    ]);
    expect(await upload(await runs.token({ event_name: "pull_request" }))).toStrictEqual([403, "token-scope"]);
    const octokit = await runs.packgate.service.connection.octokit();
    const { data } = await octokit.request("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: runs.acme.organization.installation?.id ?? 0,
    });
    expect(await upload(String(Object(data)["token"]))).toStrictEqual([403, "token-scope"]);
  });
});
