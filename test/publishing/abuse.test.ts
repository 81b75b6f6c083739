import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fineGrainedToken } from "../github/identity/tokens.ts";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

const OTHER = "another-secret-of-24-letters";

let runs: AcmeRuns;
beforeEach(async () => {
  runs = await startAcmeRuns({ PACKGATE_INDEX_CLIENTS: `index:${INDEX_SECRET},other:${OTHER}` });
});
afterEach(() => runs.stop());

/** How often GitHub has been asked anything. */
const calls = (): number => runs.github.counts.rest + runs.github.counts.graphqlQueries;
const verify = (token: string, client = "index") =>
  runs.packgate.service.http.verifyToken(token, client, runs.acme.organization.id);

const send = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${runs.packgate.url}${path}`, {
    ...init,
    headers: { ...Object(init.headers), "x-packgate-key": INDEX_SECRET },
  });
const sendJson = (path: string, body: object): Promise<Response> =>
  send(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Ways for a token to come in; 200 where it is alice's. */
const WAYS: Readonly<Record<string, (token: string) => Promise<number>>> = {
  authorize: async (token) => (await sendJson("/authorize", { package: "acme-core", action: "read", token })).status,
  introspect: async (token) => {
    const body = new URLSearchParams({ token, package: "acme-core" });
    const reply = await send("/introspect", { method: "POST", body });
    return reply.status === 200 && (Object(await reply.json()) as { active?: boolean }).active === true ? 200 : 401;
  },
  nginx: async (token) => {
    const authorization = `Basic ${Buffer.from(`__token__:${token}`).toString("base64")}`;
    const asked = { "x-original-uri": "/simple/acme-core/", "x-original-method": "GET", authorization };
    return (await send("/authorize/nginx", { headers: asked })).status;
  },
  pypicloud: async (token) => {
    const reply = await send(`/pypicloud/verify?username=alice&password=${token}`);
    return reply.status === 200 && (await reply.text()) === "true" ? 200 : 401;
  },
  authzen: async (token) => {
    const [subject, resource] = [
      { type: "user", id: "alice" },
      { type: "pypi_package", id: "acme-core" },
    ];
    const body = { subject, action: { name: "read" }, resource, context: { token } };
    const reply = await sendJson("/access/v1/evaluation", body);
    return (Object(await reply.json()) as { decision?: boolean }).decision === true ? 200 : 401;
  },
};

describe("a flood", () => {
  it("of well-formed tokens that nobody knows stops at the client's budget, and others go on", async () => {
    const alice = runs.github.tokenFor(runs.acme.users.alice.id);
    expect(await runs.may("upload", "acme-core", alice)).toBe("allow");
    const before = calls();
    const flood = await Promise.all(Array.from({ length: 1000 }, async (_, n) => verify(fineGrainedToken(n))));
    const asked = flood.filter(({ status }) => status === "inactive").length;
    // One more for each second that this takes.
    expect(asked >= 60 && asked < 100).toBe(true);
    expect(flood.filter(({ status }) => status === "unverifiable")).toHaveLength(1000 - asked);
    expect(calls() - before).toBe(asked);
    // Who is known goes on, at the same client; and who is not, at another.
    expect(await runs.may("upload", "acme-core", alice)).toBe("allow");
    expect(calls() - before).toBe(asked);
    expect((await verify(runs.github.tokenFor(runs.acme.users.bob.id), "other")).status).toBe("active");
  });

  it("is the same whichever way it comes", async () => {
    const alice = runs.github.tokenFor(runs.acme.users.alice.id);
    expect(await runs.may("upload", "acme-core", alice)).toBe("allow");
    const before = calls();
    // Each with its own token, and more of them than the budget lasts for.
    for (let number = 0; number < 20; number += 1) {
      for (const [way, ask] of Object.entries(WAYS)) {
        expect([way, await ask(`ghp_${String(number).padStart(36, "0")}`)]).not.toEqual([way, 200]);
      }
    }
    expect(calls()).toBe(before);
    for (let number = 0; number < 20; number += 1) {
      for (const [way, ask] of Object.entries(WAYS)) await ask(fineGrainedToken(`${way}${number}`));
    }
    expect(calls() - before).toBeGreaterThanOrEqual(60);
    expect(calls() - before).toBeLessThan(20 * Object.keys(WAYS).length);
    const asked = calls();
    // Those who are known go on in each of them.
    for (const [way, ask] of Object.entries(WAYS)) expect([way, await ask(alice)]).toEqual([way, 200]);
    expect(calls()).toBe(asked);
  });

  it("of one token is one call", async () => {
    const before = calls();
    const token = runs.github.tokenFor(runs.acme.users.bob.id);
    const all = await Promise.all(
      Array.from({ length: 500 }, async (_, n) => verify(token, n % 2 ? "index" : "other")),
    );
    expect(new Set(all.map(({ status }) => status))).toStrictEqual(new Set(["active"]));
    expect(calls() - before).toBe(1);
  });

  it("is left alone when GitHub wants to be left alone: known tokens go on, and runs, for whom it is not asked", async () => {
    const alice = runs.github.tokenFor(runs.acme.users.alice.id);
    expect(await runs.may("upload", "acme-core", alice)).toBe("allow");
    runs.github.faults.secondaryLimit("GET /user", { times: 5 });
    const unknown = (): string => runs.github.tokenFor(runs.acme.users.bob.id);
    for (let number = 0; number < 5; number += 1) await verify(unknown());
    const before = calls();
    for (let number = 0; number < 50; number += 1) {
      expect(await verify(unknown())).toMatchObject({ status: "unverifiable", reason: "breaker" });
    }
    expect(calls()).toBe(before);
    expect(await runs.may("upload", "acme-core", alice)).toBe("allow");
    expect(await runs.may("upload", "acme-core", await runs.token())).toBe("allow");
    expect(await runs.may("upload", "acme-core", await runs.minted())).toBe("allow");
    expect(calls()).toBe(before);
  });
});

describe("the next decision is refused, before the webhook is answered", () => {
  /** Nothing is read back from GitHub meanwhile: what takes away is the webhook by itself. */
  async function during(change: () => void): Promise<unknown> {
    const token = runs.github.tokenFor(runs.acme.users.alice.id, "app-user");
    expect(await runs.may("upload", "acme-core", token)).toBe("allow");
    const held = runs.github.faults.pause("POST /graphql");
    change();
    await runs.github.settle();
    const told = await runs.may("upload", "acme-core", token);
    held.resume();
    await runs.packgate.settle();
    expect(await runs.may("upload", "acme-core", token)).not.toBe("allow");
    return told;
  }

  it("when the member is removed", async () => {
    const { organization, users } = runs.acme;
    expect(await during(() => runs.github.edit.removeMember(organization, users.alice))).toBe("not-a-member");
  });

  it("when she is removed from the team", async () => {
    const { teams, users } = runs.acme;
    expect(await during(() => runs.github.edit.removeTeamMember(teams.backend, users.alice))).toBe("no-grant");
  });

  it("when the team is removed from the repository", async () => {
    const { teams, repositories } = runs.acme;
    expect(await during(() => runs.github.edit.removeTeamRepository(teams.platform, repositories.core))).toBe(
      "no-grant",
    );
  });

  it("when the team is deleted", async () => {
    expect(await during(() => runs.github.edit.deleteTeam(runs.acme.teams.platform))).toBe("no-grant");
  });

  it("when the repository is transferred", async () => {
    const told = await during(() => runs.github.edit.transferRepository(runs.acme.repositories.core, null));
    expect(told).not.toBe("allow");
  });

  it("when she revokes the App's authorization, and with it the token", async () => {
    expect(await during(() => runs.github.edit.revokeAuthorization(runs.acme.users.alice))).toBe("invalid-token");
  });
});
