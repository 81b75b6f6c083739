import { describe, expect, it } from "vitest";
import type { Io } from "../../../src/cli/io.ts";
import type { Authority } from "../../../src/cli/login/device-flow.ts";
import { awaitToken, beginDeviceFlow } from "../../../src/cli/login/device-flow.ts";
import { CANARY } from "../terminal.ts";

const NOW = Date.parse("2026-11-21T20:00:00Z");
const AUTHORITY: Authority = {
  client_id: "Iv1.a",
  device_authorization_endpoint: "https://github.com/login/device/code",
  token_endpoint: "https://github.com/login/oauth/access_token",
};
const BEGUN = {
  device_code: "3584d83530557fdd1f46af8289938c8ef79f9dc5",
  user_code: "WDJB-MJHT",
  verification_uri: "https://github.com/login/device",
  expires_in: 900,
  interval: 5,
};
const TOKEN = `ghu_${CANARY}`;
const GIVEN = { access_token: TOKEN, refresh_token: `ghr_${CANARY}`, token_type: "bearer", scope: "" };
const PENDING = { error: "authorization_pending" };

type Reply = object | string | Error;

/** GitHub as a script, and the seconds that were waited before each poll. */
function scripted(...replies: readonly Reply[]) {
  const [waited, sent]: [number[], { url: string; form: Record<string, string> }[]] = [[], []];
  let now = NOW;
  const left = [...replies];
  const fetch: Io["fetch"] = (input, init) => {
    const form = Object.fromEntries(init?.body instanceof URLSearchParams ? init.body : []);
    sent.push({ url: new URL(input instanceof Request ? input.url : input).href, form });
    expect(init).toMatchObject({ method: "POST", redirect: "manual", headers: { accept: "application/json" } });
    const reply = left.shift();
    if (reply === undefined || reply instanceof Error) return Promise.reject(reply ?? new Error("asked too often"));
    return Promise.resolve(new Response(typeof reply === "string" ? reply : JSON.stringify(reply)));
  };
  const io = {
    fetch,
    clock: () => now,
    sleep: (milliseconds: number) => {
      waited.push(milliseconds / 1000);
      now += milliseconds;
      return Promise.resolve();
    },
  } as Io;
  return { io, waited, sent };
}

const begin = (reply: Reply, authority: Authority = AUTHORITY, github?: string) =>
  beginDeviceFlow(scripted(reply).io, authority, github);
/** An index that names this for GitHub, all of it. */
const at = (origin: string): readonly [Reply, Authority] => [
  { ...BEGUN, verification_uri: `${origin}/login/device` },
  {
    client_id: "Iv1.a",
    device_authorization_endpoint: `${origin}/login/device/code`,
    token_endpoint: `${origin}/login/oauth/access_token`,
  },
];
const device = () => begin(BEGUN);
const poll = async (...replies: readonly Reply[]) => {
  const { io, waited, sent } = scripted(...replies);
  const outcome = await awaitToken(io, AUTHORITY, await device()).catch((error: unknown) => Object(error)["message"]);
  return { outcome, waited, sent };
};

describe("asking for a code (RFC 8628, section 3.1)", () => {
  it("names the App, and is told the code and where to enter it", async () => {
    const { io, sent } = scripted(BEGUN);
    expect(await beginDeviceFlow(io, AUTHORITY)).toStrictEqual({
      userCode: "WDJB-MJHT",
      verificationUri: "https://github.com/login/device",
      deviceCode: BEGUN.device_code,
      intervalMs: 5000,
      end: NOW + 900_000,
    });
    expect(sent).toStrictEqual([{ url: AUTHORITY.device_authorization_endpoint, form: { client_id: "Iv1.a" } }]);
  });

  it("polls every five seconds where GitHub does not say", async () => {
    const { interval: _, ...silent } = BEGUN;
    expect((await begin(silent)).intervalMs).toBe(5000);
  });

  it.each<[Reply, string]>([
    [{ error: "device_flow_disabled" }, 'its owner ticks "Enable Device Flow"'],
    [{ error: "Not Found" }, "its operator corrects GITHUB_CLIENT_ID"],
    [{ error: "incorrect_client_credentials" }, "its operator corrects GITHUB_CLIENT_ID"],
    [{ error: "something_new" }, "GitHub refuses the login (something_new); run packgate login again"],
    [{}, "GitHub answers the login in an unexpected form; run packgate login again"],
    ["<html>", "cannot reach GitHub at https://github.com/login/device/code; check the network and try again"],
    [new TypeError("fetch failed"), "cannot reach GitHub at"],
    [{ ...BEGUN, verification_uri: "https://githnb.com/login/device" }, "enter no code"],
  ])("says what to do when it is told %j", async (reply, sentence) => {
    await expect(begin(reply)).rejects.toThrow(sentence);
  });

  it.each<Partial<Authority>>([
    { device_authorization_endpoint: "http://github.com/login/device/code" },
    { device_authorization_endpoint: "https://me@github.com/login/device/code" },
    { device_authorization_endpoint: "github.com" },
    { token_endpoint: "https://githnb.com/login/oauth/access_token" },
    { token_endpoint: "nowhere" },
  ])("goes to no other place than one GitHub: %j", async (strange) => {
    await expect(begin(BEGUN, { ...AUTHORITY, ...strange })).rejects.toThrow("the index sends logins astray");
  });

  it.each(["https://github.com", "https://acme.ghe.com", "http://127.0.0.1:4000", "http://localhost"])(
    "takes %s for GitHub",
    async (origin) => {
      expect((await begin(...at(origin))).verificationUri).toBe(`${origin}/login/device`);
    },
  );

  const SERVER = "https://github.acme.example";
  it.each([
    "https://github.com.evil.example",
    "https://evilgithub.com",
    "https://www.github.com",
    "https://github.com:8443",
    "https://gist.github.com",
    "https://ghe.com",
    "https://evilghe.com",
    "https://acme.ghe.com.evil.example",
    "https://a.b.ghe.com",
    "https://acme.ghe.com:8443",
    "http://acme.ghe.com",
    "https://127.0.0.1",
    SERVER,
  ])("does not take %s for GitHub by itself", async (origin) => {
    await expect(begin(...at(origin))).rejects.toThrow(
      "enter no code (if it is your own GitHub Enterprise Server, name it yourself, with --github URL)",
    );
  });

  it("goes to the GitHub Enterprise Server that was named, and then to no other place", async () => {
    expect((await begin(...at(SERVER), SERVER)).verificationUri).toBe(`${SERVER}/login/device`);
    for (const other of ["https://github.com", "http://127.0.0.1:4000", `${SERVER}:8443`, `${SERVER}.evil.example`]) {
      await expect(begin(...at(other), SERVER)).rejects.toThrow("the index sends logins astray");
    }
  });
});

describe("waiting for the code to be entered (RFC 8628, sections 3.4 and 3.5)", () => {
  it("asks no more often than GitHub says, and keeps nothing but the token", async () => {
    const { outcome, waited, sent } = await poll(PENDING, PENDING, GIVEN);
    expect([outcome, waited]).toStrictEqual([TOKEN, [5, 5, 5]]);
    expect(sent[0]).toStrictEqual({
      url: AUTHORITY.token_endpoint,
      form: {
        client_id: "Iv1.a",
        device_code: BEGUN.device_code,
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      },
    });
  });

  it("slows down when it is told to, by five seconds or as far as it is told", async () => {
    const slow = { error: "slow_down" };
    const { outcome, waited } = await poll(slow, { ...slow, interval: 30 }, { ...slow, interval: 1 }, PENDING, GIVEN);
    expect([outcome, waited]).toStrictEqual([TOKEN, [5, 10, 30, 35, 35]]);
  });

  it("goes on more slowly when GitHub does not answer, or nothing that can be read", async () => {
    const { outcome, waited } = await poll(new TypeError("fetch failed"), "<html>502", {}, PENDING, GIVEN);
    expect([outcome, waited]).toStrictEqual([TOKEN, [5, 10, 20, 40, 40]]);
  });

  it("gives up when the code has expired, also when GitHub does not say so", async () => {
    const { outcome, waited } = await poll(...Array.from({ length: 200 }, () => PENDING));
    expect(outcome).toBe("the code has expired before it was entered; run packgate login again");
    expect(waited).toHaveLength(180);
  });

  it.each([
    ["expired_token", "the code has expired before it was entered; run packgate login again"],
    ["token_expired", "the code has expired before it was entered; run packgate login again"],
    ["access_denied", "the login was cancelled at GitHub; run packgate login again and choose Authorize"],
    ["incorrect_device_code", "GitHub does not know the code any more; run packgate login again"],
    ["unsupported_grant_type", "GitHub does not offer the device flow here"],
    ["device_flow_disabled", "Enable Device Flow"],
  ])("ends at %s with what to do", async (error, sentence) => {
    const { outcome, waited } = await poll(PENDING, { error });
    expect(outcome).toContain(sentence);
    expect(waited).toHaveLength(2);
  });

  it("passes on no token but that of a GitHub App", async () => {
    const { outcome } = await poll({ access_token: `gho_${CANARY}` });
    expect(outcome).toBe("GitHub gave a token of another kind than GitHub Apps get; tell the operator of the index");
  });
});
