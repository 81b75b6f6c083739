import { randomUUID } from "node:crypto";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createLogger } from "../../src/logger.ts";
import { INDEX_SECRET, startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { sendSigned } from "../webhooks/send.ts";

/** Milliseconds. */
const POLLS_EVERY = 60_000;
/** In every delivery, where a private payload would be. */
const PAYLOAD = "c4nary0payload0never0printed";

describe("a whole session, with a log that tells everything", () => {
  it("lets no secret out: not in the log, not in an answer, not in the metrics", async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const { users, teams, organization, repositories } = acmeOrganization(github);
    const destination = new PassThrough({ highWaterMark: 64 * 1024 * 1024 });
    let output = "";
    const minted = new Set<string>();
    const log = createLogger({ level: "trace", destination });
    const packgate = await startPackgate(github, {
      surroundings: {
        log,
        fetch: async (input, init) => {
          const response = await github.fetch(input, init);
          for (const [token] of (await response.clone().text()).matchAll(/ghs_\w+/g)) minted.add(token);
          for (const [, jwt = ""] of String(new Headers(init?.headers).get("authorization")).matchAll(
            /bearer (\S+)/gi,
          )) {
            minted.add(jwt);
          }
          return response;
        },
        // Whatever is tried again is tried again at once; what only comes round has time.
        time: {
          now: Date.now,
          sleep: (milliseconds) => sleep(milliseconds < POLLS_EVERY ? Math.min(milliseconds, 5) : milliseconds),
        },
      },
    });
    const send = async (path: string, init: RequestInit = {}): Promise<void> => {
      const response = await fetch(`${packgate.url}${path}`, init);
      output += `${JSON.stringify([...response.headers])}${await response.text()}\n`;
    };

    await packgate.settle();
    const tokens = [
      github.tokenFor(users.alice.id),
      github.tokenFor(users.bob.id, "app-user"),
      `ghp_${"0".repeat(36)}`,
    ];
    const credentials = (password: string) => ({ username: "alice", password });
    for (const token of tokens) {
      output += JSON.stringify(
        await packgate.ask({ package: "acme-core", action: "upload", credentials: credentials(token) }),
      );
      output += JSON.stringify(await packgate.ask({ package: "acme-core", action: "read", token }));
      await send("/introspect", {
        method: "POST",
        headers: { authorization: `Bearer ${INDEX_SECRET}`, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ token }),
      });
    }
    // Everything that can go wrong with a webhook, and with GitHub.
    const payload = { organization: { id: organization.id }, secret: PAYLOAD };
    await sendSigned(packgate.url, "membership", { ...payload, action: "removed", team: PAYLOAD });
    await sendSigned(packgate.url, "team", { ...payload, action: PAYLOAD, team: { id: teams.docs.id } });
    await send("/api/github/webhooks", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "team",
        "x-github-delivery": randomUUID(),
        "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
      },
      body: JSON.stringify({ secret: PAYLOAD }),
    });
    for (const status of [401, 403, 404, 500, 502]) github.faults.status(/GET \/repositories/, status, { times: 1 });
    github.faults.status("GET /user", 500, { times: 3 });
    github.faults.secondaryLimit("POST /graphql", { times: 2, retryAfter: 1 });
    github.edit.setTeamRepository(teams.docs, repositories.utils, "write");
    github.edit.addMember(organization, users.erin);
    github.edit.revokeAuthorization(users.bob);
    await packgate.settle();
    output += JSON.stringify(
      await packgate.ask({
        package: "acme-core",
        action: "read",
        credentials: credentials(github.tokenFor(users.alice.id)),
      }),
    );
    for (const path of ["/readyz", "/metrics", "/healthz", "/openapi.json"]) await send(path);
    await packgate.stop();
    output += String(destination.read());

    const keyLines = github.app.privateKey.split("\n").filter((line) => /^[\w+/=]{40,}$/.test(line));
    const { clientSecret } = github.app;
    const secrets = [WEBHOOK_SECRET, INDEX_SECRET, PAYLOAD, clientSecret, ...tokens, ...minted, ...keyLines];
    expect(minted.size).toBeGreaterThan(2);
    expect(output).toContain("GitHub request: GET");
    expect(output).toContain("packgate_webhooks_total");
    const inBase64 = (secret: string): string => Buffer.from(secret).toString("base64").replaceAll("=", "");
    expect(secrets.filter((secret) => output.includes(secret) || output.includes(inBase64(secret)))).toEqual([]);
  });
});
