import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { loggedIn } from "../helpers/logins.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

let folder = "";
let runs: AcmeRuns;
const started: AcmeRuns[] = [];
const ISSUER = "https://packgate.example";

/** A Packgate that keeps what it knows. @param before the process whose place it takes */
async function start(before?: AcmeRuns): Promise<AcmeRuns> {
  const env = { PACKGATE_STATE: `file:${folder}`, PACKGATE_PUBLIC_URL: ISSUER };
  const next = await startAcmeRuns(env, before && { world: before, issuer: before.issuer });
  started.push(next);
  return next;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "logins-"));
  runs = await start();
});
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
  rmSync(folder, { recursive: true });
});

const may = (token: string, action = "upload") => runs.may(action, "acme-core", token);
const nextSecond = () => {
  const second = (): number => Math.floor(Date.now() / 1000);
  return expect.poll(second, { interval: 50, timeout: 5000 }).not.toBe(second());
};
const alice = () => loggedIn(runs, runs.acme.users.alice);

describe("the next decision is refused, before the webhook is answered", () => {
  it.each<[string, (runs: AcmeRuns) => void, readonly string[]]>([
    [
      "the member is removed",
      ({ github, acme }) => github.edit.removeMember(acme.organization, acme.users.alice),
      ["not-a-member"],
    ],
    [
      "she is removed from the team",
      ({ github, acme }) => github.edit.removeTeamMember(acme.teams.backend, acme.users.alice),
      ["no-grant"],
    ],
    [
      "the team is removed from the repository",
      ({ github, acme }) => github.edit.removeTeamRepository(acme.teams.platform, acme.repositories.core),
      ["no-grant"],
    ],
    ["the team is deleted", ({ github, acme }) => github.edit.deleteTeam(acme.teams.platform), ["no-grant"]],
    [
      "the repository is transferred",
      ({ github, acme }) => github.edit.transferRepository(acme.repositories.core, null),
      ["unclaimed", "retired"],
    ],
    [
      "she takes back her consent to the App",
      ({ github, acme }) => github.edit.revokeAuthorization(acme.users.alice),
      ["invalid-token"],
    ],
  ])("when %s", async (_, change, reasons) => {
    const token = await alice();
    expect(await may(token)).toBe("allow");
    // Nothing is read back from GitHub meanwhile: what takes away is the webhook by itself.
    const held = runs.github.faults.pause("POST /graphql");
    change(runs);
    await runs.github.settle();
    const told = await may(token);
    held.resume();
    await runs.packgate.settle();
    expect(reasons).toContain(told);
    expect(await may(token)).not.toBe("allow");
  });

  it.each(["/_/oidc/burn-token", "/revoke"])("when the token is ended at %s", async (path) => {
    const [token, other] = [await alice(), await alice()];
    const form = path === "/revoke";
    const response = await fetch(`${runs.packgate.url}${path}`, {
      method: "POST",
      headers: form ? { authorization: `Bearer ${INDEX_SECRET}` } : {},
      body: form ? new URLSearchParams({ token }) : JSON.stringify({ token }),
    });
    expect(response.ok).toBe(true);
    expect([await may(token), await may(other)]).toStrictEqual(["invalid-token", "allow"]);
    expect(await runs.introspect(token)).toStrictEqual({ active: false });
  });
});

describe("consent that is taken back", () => {
  it("ends all that somebody got by logging in, and nothing of anybody else's", async () => {
    const [first, second] = [await alice(), await alice()];
    const [bob, run] = [await loggedIn(runs, runs.acme.users.bob), await runs.minted()];
    runs.github.edit.revokeAuthorization(runs.acme.users.alice);
    await runs.packgate.settle();
    expect([await may(first), await may(second)]).toStrictEqual(["invalid-token", "invalid-token"]);
    expect([await may(bob, "read"), await may(run)]).toStrictEqual(["allow", "allow"]);
    expect(await runs.introspect(first)).toStrictEqual({ active: false });
  });

  it("is kept before the webhook is answered, so that a process that is killed then does not forget it", async () => {
    const token = await alice();
    let answered = "";
    const { url } = runs.packgate;
    runs.github.deliverTo(async ({ headers, body }) => {
      const { status } = await fetch(`${url}/api/github/webhooks`, { method: "POST", headers, body });
      answered = readFileSync(join(folder, "revoked.json"), "utf8");
      return status;
    });
    runs.github.edit.revokeAuthorization(runs.acme.users.alice);
    await runs.github.settle();
    expect(answered).toContain(`"user:${runs.acme.users.alice.id}"`);
    // Killed: nobody told it to stop.
    runs = await start(runs);
    expect(await may(token)).toBe("invalid-token");
  });

  it("ends also what was being made meanwhile", async () => {
    const held = runs.github.faults.pause("GET /user/installations");
    const made = alice();
    await held.arrived;
    runs.github.edit.revokeAuthorization(runs.acme.users.alice);
    await runs.github.settle();
    // A second is the least that tokens know of.
    await nextSecond();
    held.resume();
    expect(await may(await made)).toBe("invalid-token");
  });

  it("does not keep somebody from logging in again", async () => {
    const token = await alice();
    runs.github.edit.revokeAuthorization(runs.acme.users.alice);
    await runs.packgate.settle();
    // A second is the least that tokens know of.
    await expect.poll(async () => may(await alice()), { interval: 300, timeout: 5000 }).toBe("allow");
    expect(await may(token)).toBe("invalid-token");
  });

  it("is believed also when its webhook was lost, as soon as it is found in GitHub's log", async () => {
    const token = await alice();
    runs.github.faults.lose(1);
    runs.github.edit.revokeAuthorization(runs.acme.users.alice);
    await runs.packgate.settle();
    expect(await may(token)).toBe("allow");
    await runs.packgate.stop();
    runs = await start(runs);
    expect(await may(token)).toBe("invalid-token");
  });

  it("may be what a lost webhook said that GitHub does not show any more, so all logins end", async () => {
    const [token, bob] = [await alice(), await loggedIn(runs, runs.acme.users.bob)];
    runs.github.faults.lose(1);
    runs.github.edit.revokeAuthorization(runs.acme.users.erin);
    await runs.packgate.settle();
    await runs.packgate.stop();
    runs.github.faults.status("GET /app/hook/deliveries/{delivery_id}", 404, { times: 100 });
    runs = await start(runs);
    expect([await may(token), await may(bob, "read")]).toStrictEqual(["invalid-token", "invalid-token"]);
  });
});

describe("a restart", () => {
  it("ends no login, also where nothing has ever been revoked", async () => {
    const token = await alice();
    runs = await start(runs);
    expect(await may(token)).toBe("allow");
  });

  it("ends them all where nobody can say any more which were revoked, and none of them comes back", async () => {
    const token = await alice();
    // The second that the token was made in is over when the next process begins.
    await nextSecond();
    rmSync(join(folder, "revoked.json"));
    runs = await start(runs);
    expect(await may(token)).toBe("invalid-token");
    const later = await alice();
    runs = await start(runs);
    expect([await may(token), await may(later)]).toStrictEqual(["invalid-token", "allow"]);
  });
});
