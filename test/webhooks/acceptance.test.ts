import { afterEach, describe, expect, it } from "vitest";
import { expectTruth, leaks } from "../github/support/against-truth.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import type { Stage } from "./rows.ts";
import { ROWS } from "./rows.ts";
import { sendSigned } from "./send.ts";

/** Every event with every action that can change who may do what, and those that are known to change nothing. */
const EVENTS = Object.entries({
  membership: ["added", "removed"],
  team: ["created", "deleted", "edited", "added_to_repository", "removed_from_repository"],
  team_add: [],
  member: ["added", "edited", "removed"],
  organization: ["member_added", "member_removed", "member_invited", "renamed", "deleted"],
  repository: [
    "created",
    "deleted",
    "renamed",
    "transferred",
    "archived",
    "unarchived",
    "publicized",
    "privatized",
    "edited",
  ],
  public: [],
  installation: ["created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"],
  installation_repositories: ["added", "removed"],
  installation_target: ["renamed"],
  org_block: ["blocked", "unblocked"],
  push: [],
  create: [],
  delete: [],
  github_app_authorization: ["revoked"],
  personal_access_token_request: ["created"],
  meta: ["deleted"],
  repository_ruleset: ["created"],
  branch_protection_rule: ["created"],
  custom_property_values: ["updated"],
}).flatMap(([event, actions]) => (actions.length === 0 ? [event] : actions.map((action) => `${event}.${action}`)));

/** Those that have a test of their own below. */
const BY_THEMSELVES = ["github_app_authorization.revoked", "custom_property_values.updated"];

describe("each event, alone, signed, over HTTP", () => {
  let packgate: Running;
  afterEach(async () => packgate.stop());

  const setStage = (): Stage => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    return { github, ...acmeOrganization(github) };
  };
  const name = (delivery: { readonly event: string; readonly action: string | null }): string =>
    delivery.action === null ? delivery.event : `${delivery.event}.${delivery.action}`;
  const ask = async (question: string): Promise<{ status: number; decision: unknown }> => {
    const [user, action, about] = question.split(" ");
    const { status, body } = await packgate.ask({ user, action, package: about, org: undefined });
    return { status, decision: body["decision"] };
  };
  const replies = { allow: 200, deny: 403, unknown: 503 } as const;
  const reply = (decision: keyof typeof replies) => ({ status: replies[decision], decision });

  it.each(ROWS.map((row) => ({ ...row, title: [row.event, row.says].filter(Boolean).join(": ") })))(
    "$title",
    async ({ event, prepare, edit, ask: question, before, atOnce, settled, lost = false, withheld = false }) => {
      const stage = setStage();
      const { github } = stage;
      const silence = github.faults.drop(() => true);
      prepare?.(stage);
      silence.end();
      packgate = await startPackgate(github);
      await packgate.settle();
      expect(await ask(question)).toEqual(reply(before));

      github.faults.drop((delivery) => name(delivery) !== event);
      const reading = github.faults.pause("*", "before");
      edit(stage);
      await github.settle();
      expect(new Set(github.deliveries.map((each) => `${name(each)} ${each.statusCode}`))).toEqual(
        new Set([`${event} 202`]),
      );
      expect(await ask(question)).toEqual(reply(atOnce));
      // What an event takes away, it takes away from everybody whom it concerns.
      const takesAway = before === "allow" && atOnce !== "allow";
      expect(takesAway ? leaks(github, packgate.service) : []).toEqual([]);

      reading.resume();
      await packgate.settle();
      expect(await ask(question)).toEqual(reply(settled));
      if (!lost && !withheld) expectTruth(github, packgate.service);
      expect(leaks(github, packgate.service)).toEqual([]);
      expect(github.unknownRoutes).toEqual([]);
    },
  );

  it("github_app_authorization.revoked: the user's tokens are verified anew", async () => {
    const { github, users } = setStage();
    packgate = await startPackgate(github);
    await packgate.settle();
    const password = github.tokenFor(users.alice.id, "app-user");
    const question = { package: "acme-core", action: "upload", credentials: { username: "alice", password } };
    expect(await packgate.ask(question)).toMatchObject({ status: 200 });
    github.edit.revokeAuthorization(users.alice);
    await github.settle();
    expect(github.deliveries.map((each) => `${name(each)} ${each.statusCode}`)).toEqual([
      "github_app_authorization.revoked 202",
    ]);
    expect(await packgate.ask(question)).toMatchObject({ status: 401, body: { reason: "invalid-token" } });
  });

  it("custom_property_values.updated: changes nothing, and reads nothing", async () => {
    const { github, organization, repositories } = setStage();
    packgate = await startPackgate(github);
    await packgate.settle();
    const revision = packgate.service.http.organizations().map(({ view }) => view().revision);
    github.resetCounts();
    const status = await sendSigned(packgate.url, "custom_property_values", {
      action: "updated",
      organization: { id: organization.id, login: "acme" },
      repository: { id: repositories.core.id },
    });
    await packgate.settle();
    expect(status).toBe(202);
    expect(github.counts).toMatchObject({ rest: 0, graphqlQueries: 0 });
    expect(packgate.service.http.organizations().map(({ view }) => view().revision)).toEqual(revision);
  });
});

it("leaves no event out", () => {
  expect(new Set([...ROWS.map(({ event }) => event), ...BY_THEMSELVES])).toEqual(new Set(EVENTS));
});
