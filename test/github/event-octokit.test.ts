import { describe, expect, it } from "vitest";
import { isWebhookEvent } from "../../src/github/app.ts";
import { json, scripted } from "./support/scripted-github.ts";

describe("the Octokit that comes with an event", () => {
  it("is one for all of them, and signed in as nobody, while installations keep their own", async () => {
    const { connection, requests, tokens } = scripted([json({})]);
    const { probot } = connection;
    const kits: { readonly auth: (wanted: object) => Promise<unknown> }[] = [];
    await probot.load((app) => app.on("member", ({ octokit }) => void kits.push(octokit)));
    for (const id of ["first", "second"]) {
      const event = { id, name: "member", payload: { action: "added", installation: { id: 7 } } };
      if (isWebhookEvent(event)) await probot.receive(event);
    }

    expect(kits).toHaveLength(2);
    expect(kits[0]).toBe(kits[1]);
    expect(await kits[0]?.auth({ type: "app" })).toMatchObject({ type: "unauthenticated" });
    expect(tokens()).toBe(0);

    await (await connection.octokit(7)).request("GET /installation/repositories");
    expect([requests[0]?.headers.get("authorization"), requests[0]?.headers.get("x-github-delivery")]).toEqual([
      expect.stringMatching(/^token \S+/),
      null,
    ]);
    expect(tokens()).toBe(1);
  });
});
