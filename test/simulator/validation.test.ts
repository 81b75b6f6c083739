import { beforeEach, describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { client } from "./client.ts";
import { fullRepository } from "./resources/repository.ts";
import { routes } from "./rest/router.ts";
import { createSimulator } from "./simulator.ts";
import { createValidator } from "./validation/validator.ts";

const github = createSimulator({ webhookSecret: "a-secret-of-the-tests" });
const { organization, repositories, users } = acmeOrganization(github);
const good = fullRepository(organization, repositories.core);
const route = routes.find(({ path }) => path === "/repos/{owner}/{repo}");
if (route === undefined) throw new Error("no route to test with");

describe("the validator", () => {
  let validator = createValidator();
  beforeEach(() => {
    validator = createValidator();
  });

  it("accepts a good reply, and counts it", () => {
    validator.reply(route, { status: 200, body: good });
    expect([validator.violations, [...validator.validated]]).toEqual([[], [["GET /repos/{owner}/{repo} 200", 1]]]);
  });

  const broken: [how: string, body: Record<string, unknown>][] = [
    ["a missing member", { ...good, full_name: undefined }],
    ["a wrong type", { ...good, id: "1011" }],
    ["a null that cannot be", { ...good, name: null }],
    ["a wrong format", { ...good, created_at: "yesterday" }],
    ["a member GitHub does not have", { ...good, secret_level: 5 }],
    ["a fault deep inside", { ...good, owner: { login: "acme" } }],
  ];
  it.each(broken)("rejects %s", (_, body) => {
    validator.reply(route, { status: 200, body });
    expect(validator.violations).toHaveLength(1);
  });

  it("rejects a webhook with a fault, accepts one without", () => {
    const delivery = { action: "archived", repository: good, sender: good["owner"] };
    validator.webhook("repository", "archived", { ...delivery, action: "unarchived" });
    expect(validator.violations).toHaveLength(1);
    const { custom_properties: _, network_count: __, subscribers_count: ___, organization: ____, ...repository } = good;
    validator.webhook("repository", "archived", { ...delivery, repository });
    expect(validator.violations).toHaveLength(1);
    expect(validator.validated.get("repository.archived")).toBe(2);
  });

  it("refuses to look at what GitHub does not describe", () => {
    expect(() => validator.webhook("repository", "painted", {})).toThrow("no webhook repository-painted");
    expect(() => validator.reply({ ...route, path: "/no/such" }, { status: 200, body: {} })).toThrow("no GET /no/such");
    expect(() => validator.reply(route, { status: 204, body: {} })).toThrow("no 204");
  });

  it("is at work inside the simulator", async () => {
    const checked = createSimulator({ webhookSecret: "a-secret-of-the-tests", validate: true });
    const acme = acmeOrganization(checked);
    Object.assign(acme.users.alice, { login: 5 });
    await client(checked, `token ${checked.tokenFor(acme.users.alice.id)}`)("GET /user");
    expect(checked.violations.join()).toContain("GET /user 200: /login must be string");
    checked.edit.addTeamMember(acme.teams.docs, acme.users.alice);
    expect(checked.violations.join()).toContain("membership.added: /member/login must be string");
    expect(users.alice.login).toBe("alice");
  });
});
