import { beforeEach, describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { client } from "./client.ts";
import { createSimulator } from "./simulator.ts";

/** GitHub's device flow, as its documentation tells it. */
let time = Date.parse("2026-11-21T20:00:00Z");
const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", clock: () => time, validate: true });
const { organization, users } = acmeOrganization(github);
const id = github.app.clientId;

async function post(path: string, form: Record<string, string>, accept = "application/json") {
  const body = new URLSearchParams(form);
  const response = await github.fetch(`https://github.com${path}`, { method: "POST", headers: { accept }, body });
  const text = await response.text();
  return accept.includes("json") ? Object(JSON.parse(text)) : Object.fromEntries(new URLSearchParams(text));
}
const begin = () => post("/login/device/code", { client_id: id });
const GRANT = { client_id: id, grant_type: "urn:ietf:params:oauth:grant-type:device_code" };
const poll = async (device_code: string, after = 5000) => {
  time += after;
  return post("/login/oauth/access_token", { ...GRANT, device_code });
};

beforeEach(() => {
  github.devices.settings.enabled = true;
});

describe("the device flow", () => {
  it("waits until somebody has entered the code, and gives a token of theirs then, once", async () => {
    const { device_code, user_code, ...rest } = await begin();
    expect(user_code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(rest).toEqual({ verification_uri: "https://github.com/login/device", expires_in: 900, interval: 5 });
    expect(await poll(device_code)).toMatchObject({ error: "authorization_pending" });
    expect(github.devices.waiting()).toContain(user_code);
    github.devices.approve(user_code, users.alice.id);
    const given = await poll(device_code);
    expect(given).toMatchObject({ token_type: "bearer", expires_in: 28_800, scope: "" });
    const asAlice = client(github, `Bearer ${given.access_token}`);
    expect((await asAlice("GET /user")).body).toMatchObject({ login: "alice" });
    expect(await poll(device_code)).toMatchObject({ error: "incorrect_device_code" });
  });

  it("wants to be asked more seldom by whoever asks too often", async () => {
    const { device_code } = await begin();
    expect(await poll(device_code, 4000)).toMatchObject({ error: "slow_down", interval: 10 });
    expect(await poll(device_code, 5000)).toMatchObject({ error: "slow_down", interval: 15 });
    expect(await poll(device_code, 15_000)).toMatchObject({ error: "authorization_pending" });
  });

  it("ends when the code expires, and when somebody cancels", async () => {
    const { device_code: late } = await begin();
    expect(await poll(late, 900_000)).toMatchObject({ error: "expired_token" });
    const { device_code, user_code } = await begin();
    github.devices.deny(user_code);
    expect(await poll(device_code)).toMatchObject({ error: "access_denied" });
    expect(() => github.devices.deny("NONE-SUCH")).toThrow("nobody waits");
  });

  it("must be enabled, asked for our App, and asked in its own words", async () => {
    github.devices.settings.enabled = false;
    expect(await begin()).toMatchObject({ error: "device_flow_disabled" });
    expect(await post("/login/device/code", { client_id: "other" })).toEqual({ error: "Not Found" });
    const path = "/login/oauth/access_token";
    expect(await post(path, { ...GRANT, client_id: "other" })).toMatchObject({ error: "incorrect_client_credentials" });
    expect(await post(path, { ...GRANT, grant_type: "x" })).toMatchObject({ error: "unsupported_grant_type" });
    expect(await post(path, GRANT, "*/*")).toMatchObject({ error: "incorrect_device_code" });
  });
});

describe("GET /user/installations", () => {
  const asked = (token: string) => client(github, `Bearer ${token}`)("GET /user/installations");
  const shownTo = async (userId: number, options = {}) =>
    Object((await asked(github.tokenFor(userId, "app-user", options))).body)["total_count"];

  it("shows where the App is installed to those who have a permission there", async () => {
    expect(await shownTo(users.alice.id)).toBe(1);
    expect(await shownTo(users.erin.id)).toBe(0);
    expect(await shownTo(users.alice.id, { withoutSso: [organization.id] })).toBe(0);
    expect((await asked(github.tokenFor(users.alice.id))).status).toBe(403);
    expect(github.violations).toEqual([]);
  });
});
