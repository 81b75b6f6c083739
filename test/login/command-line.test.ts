import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import type { Desk } from "./desk.ts";
import { approving, deskAt } from "./desk.ts";

let runs: AcmeRuns;
beforeAll(async () => {
  runs = await startAcmeRuns();
});
afterAll(() => runs.stop());

const host = (): string => new URL(runs.packgate.url).host;
const alice = () => deskAt(runs, approving(runs, runs.acme.users.alice));

describe("packgate login", () => {
  it("shows a code and an address, and keeps what it gets in the keyring", async () => {
    const { run, keyring } = alice();
    const { code, out, err } = await run(["login"]);
    expect(err).toBe("");
    const [shown = "", warned = "", done = "", ...more] = out.trimEnd().split("\n");
    expect(shown).toMatch(/^Open https:\/\/github\.com\/login\/device and enter the code [A-Z]{4}-[A-Z]{4}$/);
    expect(warned).toBe(`GitHub names the App that asks: authorize none but your organization's own for ${host()}`);
    expect(done).toBe(`Logged in to ${host()} for 12 h; the token is in the keyring of this system`);
    expect([code, more]).toStrictEqual([0, []]);
    // As pip and uv ask for it, and as twine does.
    expect([...keyring.entries.keys()]).toStrictEqual([host(), `${runs.packgate.url}/`]);
    const token = keyring.entries.get(host()) ?? "";
    expect(out).not.toContain(token);
    expect(await runs.may("upload", "acme-core", token)).toBe("allow");
  });

  it("keeps it in netrc when asked, for its owner's eyes only, beside what is there", async () => {
    const { run, home, keyring, netrc } = alice();
    const others =
      "# mine\nmachine example.com login me password secret\nmacdef init\nmachine x\n\ndefault login a password b\n";
    writeFileSync(join(home, ".netrc"), others, { mode: 0o644 });
    const { code, out } = await run(["login", "--netrc", "--url", `${runs.packgate.url}/simple/`], { env: {} });
    expect(code).toBe(0);
    expect(out).toContain(`the token is in ${join(home, ".netrc")}`);
    expect(netrc()).toMatch(/^machine 127\.0\.0\.1 login __token__ password pgt_\S+\n# mine\n/);
    expect(netrc().endsWith(others)).toBe(true);
    expect(statSync(join(home, ".netrc")).mode & 0o777).toBe(0o600);
    expect(keyring.entries.size).toBe(0);

    const before = netrc();
    await run(["login", "--netrc"]);
    expect(netrc()).not.toBe(before);
    expect(netrc().match(/__token__/g)).toHaveLength(1);
    expect((await run(["logout"])).code).toBe(0);
    expect(netrc()).toBe(others);
  });

  it("keeps it where NETRC says", async () => {
    const { run, home } = alice();
    const file = join(home, "own");
    const env = { PACKGATE_URL: runs.packgate.url, NETRC: file };
    expect((await run(["login", "--netrc"], { env })).code).toBe(0);
    const { out } = await run(["token"], { env });
    expect(await runs.may("upload", "acme-core", out.trim())).toBe("allow");
  });

  it("says so before anybody has logged in when nothing can be kept", async () => {
    const { run, home } = alice();
    const none = () => Promise.reject(new Error("locked"));
    const noKeyring = await run(["login"], { keyring: { get: none, set: none, remove: none } });
    expect([noKeyring.code, noKeyring.out, noKeyring.err]).toStrictEqual([
      1,
      "",
      "packgate: this system has no keyring, or nobody unlocks it; run packgate login --netrc to keep the token in netrc instead\n",
    ]);
    const two = () => Promise.reject(new Error("Entry is matched by 2 credentials: [Entry]"));
    const doubled = await run(["login"], { keyring: { get: two, set: two, remove: two } });
    expect(doubled.err).toContain(`the keyring has an entry for ${host()} that is not of packgate login`);
    writeFileSync(join(home, ".netrc"), "machine 127.0.0.1 login alice password mine\n");
    const taken = await run(["login", "--netrc"]);
    expect([taken.code, taken.out]).toStrictEqual([1, ""]);
    expect(taken.err).toBe(
      `packgate: ${join(home, ".netrc")} has an entry for 127.0.0.1 that is not of packgate login; take it out first\n`,
    );
    const nowhere = await run(["login", "--netrc"], {
      env: { PACKGATE_URL: runs.packgate.url, NETRC: join(home, "no", "folder") },
    });
    expect(nowhere.err).toContain("check that the file and its folder are yours, or name another in NETRC");
    expect(runs.github.devices.waiting()).toStrictEqual([]);
  });

  it("says what to do when somebody cancels", async () => {
    const { run, keyring } = deskAt(runs, (code) => runs.github.devices.deny(code));
    const { code, err } = await run(["login"]);
    expect(code).toBe(1);
    expect(err).toBe("packgate: the login was cancelled at GitHub; run packgate login again and choose Authorize\n");
    expect(keyring.entries.size).toBe(0);
  });

  it("says what the App's owner has to do", async () => {
    runs.github.devices.settings.enabled = false;
    const { code, out, err } = await alice().run(["login"]);
    runs.github.devices.settings.enabled = true;
    expect([code, out]).toStrictEqual([1, ""]);
    expect(err).toContain('its owner ticks "Enable Device Flow"');
  });

  it("says what Packgate says to a stranger", async () => {
    const { run, keyring } = deskAt(runs, approving(runs, runs.acme.users.erin));
    const { code, err } = await run(["login"]);
    expect(code).toBe(1);
    expect(err).toContain(`packgate: ${host()} gives no token: GitHub shows this App no organization of erin's`);
    expect(keyring.entries.size).toBe(0);
  });

  it("goes to the GitHub that was named, and to no other", async () => {
    const named = await alice().run(["login", "--github", "https://github.com/"]);
    expect([named.code, named.err]).toStrictEqual([0, ""]);
    const other = await alice().run(["login", "--github", "https://github.acme.example"]);
    expect([other.code, other.out]).toStrictEqual([1, ""]);
    expect(other.err).toContain("the index sends logins astray");
    const plain = await alice().run(["login", "--github", "http://github.acme.example"]);
    expect([plain.code, plain.err.includes("cannot use --github: it is not https")]).toStrictEqual([2, true]);
    expect(runs.github.devices.waiting()).toStrictEqual([]);
  });

  it("goes to https only, but for this machine", async () => {
    const { code, err } = await alice().run(["login", "--url", "http://pypi.example.com"]);
    expect(code).toBe(2);
    expect(err).toContain("cannot use --url: it is not https");
    const named = await alice().run(["login"], { env: { PACKGATE_URL: "http://pypi.example.com" } });
    expect([named.code, named.err.includes("PACKGATE_URL is not https")]).toStrictEqual([1, true]);
  });
});

describe("packgate token", () => {
  it("prints the token and nothing else", async () => {
    const { run, keyring } = alice();
    await run(["login"]);
    const { code, out, err } = await run(["token"]);
    expect([code, out, err]).toStrictEqual([0, `${keyring.entries.get(host())}\n`, ""]);
  });

  it("prints the one that lives longest", async () => {
    const { run, keyring, netrc } = alice();
    await run(["login", "--netrc"]);
    keyring.entries.set(host(), tokenUntil(Date.now() - 1000));
    expect(netrc()).toContain((await run(["token"])).out.trim());
    const later = tokenUntil(Date.now() + 24 * 60 * 60 * 1000);
    keyring.entries.set(host(), later);
    expect((await run(["token"])).out).toBe(`${later}\n`);
  });

  it.each(["", "pgt_", "pgt_eyJ.eyJ.x", "a-password-of-somebody's"])("takes no %j for a token", async (text) => {
    const { run, keyring } = alice();
    keyring.entries.set(host(), text);
    const { code, out, err } = await run(["token"]);
    expect([code, out]).toStrictEqual([1, ""]);
    expect(err).toBe(
      `packgate: nobody is logged in to ${host()} here; run: packgate login --url ${runs.packgate.url}\n`,
    );
  });

  it("says when the login has ended", async () => {
    const { run, keyring } = alice();
    keyring.entries.set(host(), tokenUntil(Date.parse("2026-01-02T03:04:05Z")));
    const { code, out, err } = await run(["token"]);
    expect([code, out]).toStrictEqual([1, ""]);
    expect(err).toContain(`the login to ${host()} ended at 2026-01-02T03:04:05.000Z; run: packgate login --url`);
  });
});

describe("packgate logout", () => {
  it("ends the token and forgets it", async () => {
    const { run, keyring, netrc } = alice();
    await run(["login"]);
    await run(["login", "--netrc"]);
    const tokens = [keyring.entries.get(host()) ?? "", /password (\S+)/.exec(netrc())?.[1] ?? ""];
    const { code, out } = await run(["logout"]);
    expect([code, out]).toStrictEqual([0, `Logged out of ${host()}\n`]);
    expect([keyring.entries.size, netrc()]).toStrictEqual([0, ""]);
    for (const token of tokens) expect(await runs.may("read", "acme-core", token)).toBe("invalid-token");
    expect((await run(["logout"])).out).toBe(`Nobody was logged in to ${host()} here\n`);
  });

  it("does not say that the token has ended where the index could not end it for good", async () => {
    const { run, keyring } = alice();
    await run(["login"]);
    const problem = "The token could not be revoked for good: see /readyz.";
    const { code, out, err } = await run(["logout"], {
      fetch: () => Promise.resolve(Response.json({ status: "accepted", problem }, { status: 202 })),
    });
    expect([code, out, keyring.entries.size]).toStrictEqual([1, "", 0]);
    expect(err).toContain("could not be revoked for good");
  });

  it("forgets it also when the index cannot be told, and says so", async () => {
    const { run, keyring } = alice();
    await run(["login"]);
    const refused = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    const { code, err } = await run(["logout"], {
      fetch: () => Promise.reject(new TypeError("x", { cause: refused })),
    });
    expect([code, keyring.entries.size]).toStrictEqual([1, 0]);
    expect(err).toMatch(/the token is forgotten here and may live on until \S+Z, because cannot reach Packgate/);
  });
});

describe("packgate keyring", () => {
  let desk: Desk;
  let token = "";
  beforeAll(async () => {
    desk = alice();
    await desk.run(["login"]);
    token = desk.keyring.entries.get(host()) ?? "";
  });
  const answers = async (...argv: string[]) => {
    const { code, out } = await desk.run(["keyring", ...argv]);
    return { code, out: out.replaceAll(token, "TOKEN") };
  };
  const simple = () => `${runs.packgate.url}/simple/`;

  it("answers uv, and pip before 25.1", async () => {
    expect(await answers("get", simple(), "__token__")).toStrictEqual({ code: 0, out: "TOKEN\n" });
    expect(await answers("get", host(), "__token__")).toStrictEqual({ code: 0, out: "TOKEN\n" });
    expect(await answers("get", host(), "--mode", "creds")).toStrictEqual({ code: 0, out: "__token__\nTOKEN\n" });
  });

  it("answers pip since 25.1", async () => {
    const json = `${JSON.stringify({ username: "__token__", password: "TOKEN" })}\n`;
    const asked = ["--mode=creds", "--output=json", "get", simple()];
    expect(await answers(...asked)).toStrictEqual({ code: 0, out: json });
    expect(await answers(...asked, "__token__")).toStrictEqual({ code: 0, out: json });
  });

  it("has nothing for anybody else, anywhere else, or over plain http", async () => {
    for (const [service, user] of [
      [host(), "alice"],
      ["pypi.org", "__token__"],
      [`http://pypi.example.com/simple/`, "__token__"],
      ["", "__token__"],
    ] as const) {
      expect(await answers("get", service, user)).toStrictEqual({ code: 1, out: "" });
    }
  });

  it("is misused by what is no such question", async () => {
    for (const argv of [
      ["set", host(), "__token__"],
      ["get"],
      ["get", host()],
      ["get", host(), "--mode=all"],
      ["get", host(), "__token__", "--output=xml"],
      ["get", host(), "__token__", "more"],
    ]) {
      expect(await answers(...argv)).toStrictEqual({ code: 2, out: "" });
    }
  });
});

/** A token that nobody signed: by its form alone, that is what is looked at here. */
function tokenUntil(end: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `pgt_${part({ alg: "none" })}.${part({ exp: Math.floor(end / 1000) })}.x`;
}
