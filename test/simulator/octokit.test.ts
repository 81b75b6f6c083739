import { crc32 } from "node:zlib";
import { Probot, ProbotOctokit } from "probot";
import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { createSimulator } from "./simulator.ts";

const webhookSecret = "a-secret-of-the-tests";

/** The clients the product is made of take the simulator for GitHub. */
describe("Probot and Octokit", () => {
  for (const [when, offset] of [
    ["now", 0],
    ["a year ago", -365 * 24 * 3_600_000],
  ] as const) {
    it(`sign in as the App and as an installation, and page through lists, ${when}`, async () => {
      const github = createSimulator({ webhookSecret, clock: () => Date.now() + offset });
      const { organization } = acmeOrganization(github);
      const Octokit = ProbotOctokit.defaults({ request: { fetch: github.fetch } });
      const probot = new Probot({
        appId: github.app.id,
        privateKey: github.app.privateKey,
        secret: webhookSecret,
        Octokit,
        logLevel: "fatal",
      });
      const app = await probot.auth();
      expect((await app.request("GET /app")).data?.slug).toBe(github.app.slug);
      const octokit = await probot.auth(organization.installation?.id);
      const members = await octokit.paginate("GET /orgs/{org}/members", { org: "acme", per_page: 1 });
      expect(members.map((member) => member.login)).toEqual(["carol", "alice", "bob"]);
      const { viewer } = await octokit
        .graphql<{ viewer: unknown }>("{ viewer { login } }")
        .catch(() => ({ viewer: "refused" }));
      expect(viewer).toBe("refused");
    });
  }

  it("verify what is delivered", async () => {
    const github = createSimulator({ webhookSecret });
    const { teams, users } = acmeOrganization(github);
    const probot = await new Probot({ githubToken: "test", secret: webhookSecret, logLevel: "fatal" }).ready();
    const seen: string[] = [];
    probot.on("membership.added", ({ payload }) => void seen.push(payload.member?.login ?? ""));
    github.deliverTo(async ({ guid, headers, body }) => {
      const signature = headers["x-hub-signature-256"] ?? "";
      await probot.webhooks.verifyAndReceive({ id: guid, name: "membership", signature, payload: body });
      return 200;
    });
    github.edit.addTeamMember(teams.docs, users.alice);
    await github.settle();
    expect([seen, github.deliveries[0]?.status]).toEqual([["alice"], "OK"]);
  });
});

describe("tokens", () => {
  const github = createSimulator({ webhookSecret });
  const user = github.edit.createUser("zoe");
  const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  it.each(["classic", "oauth", "app-user"] as const)("%s ones carry the checksum of their body", (kind) => {
    const token = github.tokenFor(user.id, kind);
    expect(token).toMatch(/^gh[pou]_[A-Za-z0-9]{36}$/);
    const value = token
      .slice(-6)
      .split("")
      .reduce((sum, letter) => sum * 62 + base62.indexOf(letter), 0);
    expect(value).toBe(crc32(token.slice(4, 34)));
  });

  it("fine-grained ones have two parts", () => {
    expect(github.tokenFor(user.id, "fine-grained")).toMatch(/^github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}$/);
  });
});
