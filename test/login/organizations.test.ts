import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { deviceToken, exchange } from "../helpers/logins.ts";
import { INDEX_SECRET, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";

const BOUND = { acme: "index-secret-bound-to-acme", other: "index-secret-bound-to-other" } as const;
type Organization = keyof typeof BOUND;

let runs: AcmeRuns;
/** Of alice's, who may do everything in both: one that GitHub showed her acme with, and one with both. */
let [acmeOnly, both] = ["", ""];

beforeAll(async () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  const { alice } = acme.users;
  const other = github.edit.createOrganization({ login: "other", plan: "enterprise", basePermission: "none" });
  github.edit.install(other);
  github.edit.addMember(other, alice, "admin");
  const project = '[project]\nname = "other-core"\n';
  github.edit.createRepository(other, { name: "core", visibility: "private", files: { "pyproject.toml": project } });
  const bound = Object.entries(BOUND).map(([login, secret]) => `${login}@${login}:${secret}`);
  const clients = [`index:${INDEX_SECRET}`, ...bound].join(",");
  runs = await startAcmeRuns(
    { PACKGATE_ORGS: "acme,other", PACKGATE_INDEX_CLIENTS: clients },
    { world: { github, acme } },
  );
  const mint = async (more = {}) => String((await exchange(runs, deviceToken(runs, alice, more))).body["token"]);
  [acmeOnly, both] = [await mint({ withoutSso: [other.id] }), await mint()];
});
afterAll(() => runs.stop());

async function send(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const headers = { "x-packgate-key": INDEX_SECRET, ...Object(init.headers) };
  const response = await fetch(`${runs.packgate.url}${path}`, { ...init, headers });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** Whether a token is somebody's in an organization, asked in every way in which one can be shown. */
const WAYS: readonly (readonly [name: string, isKnown: (token: string, org: Organization) => Promise<boolean>])[] = [
  ...(["read", "upload"] as const).map(
    (action) =>
      [
        `POST /authorize, to ${action}`,
        async (token: string, org: Organization) => {
          const { status, body } = await runs.packgate.ask({ org, package: `${org}-core`, action, token });
          // No other refusal would do: her rights in both are the same.
          if (status !== 200 && body["reason"] !== "invalid-token") throw new Error(JSON.stringify(body));
          return status === 200;
        },
      ] as const,
  ),
  ["POST /introspect", async (token, org) => (await runs.introspect(token, { org }))["active"] === true],
  [
    "pypicloud",
    async (token, org) => (await send(`/pypicloud/verify?username=alice&password=${token}&org=${org}`)).body === true,
  ],
  [
    "AuthZEN",
    async (token, org) => {
      const evaluation = {
        subject: { type: "user", id: "alice" },
        action: { name: "read" },
        resource: { type: "pypi_package", id: `${org}-core` },
        context: { token, org },
      };
      const headers = { "content-type": "application/json" };
      const reply = await send("/access/v1/evaluation", { method: "POST", headers, body: JSON.stringify(evaluation) });
      return Object(reply.body)["decision"] === true;
    },
  ],
  [
    "a proxy",
    async (token, org) => {
      const { status } = await send("/authorize/nginx", {
        headers: {
          "x-packgate-key": BOUND[org],
          "x-original-method": "GET",
          "x-original-uri": `/simple/${org}-core/`,
          authorization: `Basic ${Buffer.from(`__token__:${token}`).toString("base64")}`,
        },
      });
      return status === 200;
    },
  ],
];

describe("a login in one organization is worth nothing in another, also where its owner may do everything", () => {
  it.each(WAYS)("by %s", async (_, isKnown) => {
    expect([await isKnown(acmeOnly, "acme"), await isKnown(acmeOnly, "other")]).toStrictEqual([true, false]);
    expect([await isKnown(both, "acme"), await isKnown(both, "other")]).toStrictEqual([true, true]);
  });

  it("and in one that is not served yet it is unknown", async () => {
    const check = await runs.packgate.service.http.verifyToken(acmeOnly, "index", undefined);
    expect(check).toMatchObject({ status: "unverifiable" });
  });
});
