import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import type { Credentials, Index } from "./index.ts";
import { buildPackage, pip, startIndex, twine, uv, uvPublish } from "./index.ts";
import type { Server } from "./packgate.ts";
import { ready, serve, serverEnvironment } from "./packgate.ts";
import { until } from "./process.ts";

/** A real index and its real clients: what GitHub says is what pip, uv and twine get. */
describe("examples/pypiserver", () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  const signedIn = ({ id, login }: { id: number; login: string }): Credentials => ({
    login,
    token: github.tokenFor(id),
  });
  // Writes to acme-core through a team; reads acme-core through a team; is nobody to the organization.
  const [alice, bob, erin] = [signedIn(acme.users.alice), signedIn(acme.users.bob), signedIn(acme.users.erin)];
  let api: Awaited<ReturnType<typeof github.listen>>;
  let packgate: Server;
  let index: Index;
  let first: string[];
  let second: string[];

  beforeAll(async () => {
    api = await github.listen();
    packgate = serve(await serverEnvironment(github, api.url));
    github.deliverTo(`${packgate.url}/api/github/webhooks`);
    await ready(packgate);
    index = await startIndex(packgate.url);
    first = await buildPackage("acme-core", "1.0");
    second = await buildPackage("acme-core", "1.1");
  });
  afterAll(async () => {
    await Promise.all([index.stop(), packgate.stop()]);
    await api.close();
  });

  it("takes uploads by twine from those who may, and tells the others why not", async () => {
    const refused = await twine(index, bob, ...first);
    expect(refused.output).toContain("bob may not upload acme-core");
    expect(refused.code).not.toBe(0);
    expect(index.files()).toEqual([]);

    const taken = await twine(index, alice, ...first);
    expect(taken).toMatchObject({ code: 0 });
    expect(index.files()).toHaveLength(2);
  });

  it("takes uploads by uv from those who may, and tells the others why not", async () => {
    const refused = await uvPublish(index, bob, ...second);
    expect(refused.output).toContain("bob may not upload acme-core");
    expect(refused.code).not.toBe(0);
    expect(index.files()).toHaveLength(2);

    expect(await uvPublish(index, alice, ...second)).toMatchObject({ code: 0 });
    expect(index.files()).toHaveLength(4);
  });

  it.each([
    ["pip", pip],
    ["uv", uv],
  ] as const)("lets %s install for those who may read, and nobody else", async (_, install) => {
    expect(await install(index, bob, "acme-core")).toMatchObject({ code: 0 });
    expect(await install(index, { login: "__token__", token: bob.token }, "acme-core==1.0")).toMatchObject({ code: 0 });
    for (const who of [erin, undefined, { login: "alice", token: bob.token }]) {
      expect((await install(index, who, "acme-core")).code).not.toBe(0);
    }
    // A name nobody declares might be somebody's on another index.
    expect((await install(index, bob, "acme-other")).code).not.toBe(0);
  });

  it("refuses the next install after somebody is removed from the team", async () => {
    github.edit.removeTeamMember(acme.teams.docs, acme.users.bob);
    await until("Packgate has heard of it", async () => {
      const { status } = await packgate.ask({ package: "acme-core", action: "read", user: "bob" });
      return status === 403 || status;
    });
    expect((await pip(index, bob, "acme-core")).code).not.toBe(0);
    expect((await uv(index, bob, "acme-core")).code).not.toBe(0);
    expect(await pip(index, alice, "acme-core")).toMatchObject({ code: 0 });
  });

  it("serves nobody while Packgate is away, and everybody again once it is back", async () => {
    await packgate.stop();
    expect((await pip(index, alice, "acme-core")).code).not.toBe(0);
    expect((await uv(index, alice, "acme-core")).code).not.toBe(0);
    const page = await fetch(`${index.url}/simple/acme-core/`, { headers: authorization(alice) });
    expect(page.status).toBe(503);
    expect(await page.text()).toContain("Packgate cannot be asked");

    packgate = serve(packgate.env);
    await ready(packgate);
    expect(await pip(index, alice, "acme-core")).toMatchObject({ code: 0 });
  });
});

function authorization({ login, token }: Credentials): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${login}:${token}`).toString("base64")}` };
}
