import { createServer } from "node:net";

import { describe, expect, it } from "vitest";

import { type Canned, serve } from "./canned-server.ts";
import { CANARY, run } from "./terminal.ts";

const QUESTIONS = ["check alice upload acme-core", "explain alice upload acme-core"]
  .concat(["who-can upload acme-core", "what-can alice", "claims", "status"])
  .map((line) => ({ line, argv: line.split(" ") }));

async function askServer(argv: readonly string[], canned: Canned, env: Record<string, string> = {}) {
  const { url, asked } = await serve(canned);
  // A busy machine may take its time to answer; only who never answers need not be waited for.
  const patience = canned.body === undefined ? { timeoutMs: 300 } : {};
  const result = await run(argv, { env: { PACKGATE_URL: url, PACKGATE_KEY: CANARY, ...env }, ...patience });
  return { ...result, err: result.err.replaceAll(url, "URL"), asked };
}

const refusal = (error: string, message: string) => ({ error, message });

describe.each(QUESTIONS)("$line fails with one sentence and a fix", ({ argv }) => {
  it.each<{ name: string; canned: Canned; code?: number; sentence: RegExp }>([
    {
      name: "wrong key",
      canned: { status: 401, body: refusal("invalid_client", "unknown client") },
      sentence:
        /^packgate: Packgate at URL does not accept this PACKGATE_KEY; set it to the secret of a client in that server's PACKGATE_INDEX_CLIENTS\n$/,
    },
    {
      name: "a refusal with a sentence of its own",
      canned: { status: 404, body: refusal("not_found", "no organization zeta is served; use acme") },
      sentence: /^packgate: Packgate at URL says: no organization zeta is served; use acme\n$/,
    },
    {
      name: "a bad request",
      canned: { status: 400, body: refusal("invalid_request", "package: this is not a valid project name") },
      code: 2,
      sentence: /^packgate: Packgate at URL says: package: this is not a valid project name\n$/,
    },
    {
      name: "an error of Packgate's own",
      canned: { status: 500, body: refusal("internal", "something went wrong; see the log") },
      sentence: /^packgate: Packgate at URL says: something went wrong; see the log\n$/,
    },
    {
      name: "somebody else's 404",
      canned: { status: 404, type: "text/html; charset=utf-8", body: "<h1>Not Found</h1>" },
      sentence:
        /^packgate: URL\/\S+ answers 404 with text\/html, which is not how Packgate answers; check PACKGATE_URL\n$/,
    },
    {
      name: "somebody else's page",
      canned: { status: 200, type: "text/html", body: "<h1>Welcome to nginx!</h1>" },
      sentence:
        /^packgate: URL\/\S+ answers 200 with text\/html, which is not how Packgate answers; check PACKGATE_URL\n$/,
    },
    {
      name: "a proxy without a server",
      canned: { status: 502, type: "text/html", body: "<h1>Bad Gateway</h1>" },
      sentence: /^packgate: URL\/\S+ answers 502; look at the log of Packgate, or of the proxy\n$/,
    },
    {
      name: "a proxy that is asked too often",
      canned: { status: 429, type: "text/html", body: "<h1>Too Many Requests</h1>" },
      sentence: /^packgate: URL\/\S+ answers 429, for it is asked too often; try again in a minute\n$/,
    },
    {
      name: "JSON of another shape",
      canned: { status: 200, body: { hello: "world" } },
      sentence: /^packgate: URL\/\S+ answers in an unexpected form \(at \w+\); use the same version here and there\n$/,
    },
    {
      name: "JSON that is no object",
      canned: { status: 200, body: "[]" },
      sentence:
        /^packgate: URL\/\S+ answers in an unexpected form \(at the top\); use the same version here and there\n$/,
    },
    {
      name: "cut-off JSON",
      canned: { status: 200, body: '{"decision": "all' },
      sentence: /^packgate: URL\/\S+ answers 200 with application\/json, which is not how Packgate answers; check/,
    },
    {
      name: "silence",
      canned: { body: undefined },
      sentence: /^packgate: Packgate at URL did not answer within 0.3 s; try again, or look at its log\n$/,
    },
  ])("$name", async ({ canned, code = 1, sentence }) => {
    const result = await askServer(argv, canned);
    expect(result.err).toMatch(sentence);
    expect(result).toMatchObject({ code, out: "" });
  });

  it("a redirect, which it does not follow with the key", async () => {
    const elsewhere = await serve({ body: {} });
    const { err, code } = await askServer(argv, { status: 302, headers: { location: elsewhere.url }, body: "" });
    expect(code).toBe(1);
    expect(err).toMatch(/answers 302 with application\/json, which is not how Packgate answers/);
    expect(elsewhere.asked).toEqual([]);
  });

  it("nobody there", async () => {
    const { err, code } = await run(argv, { env: { PACKGATE_KEY: CANARY, PACKGATE_URL: "http://127.0.0.1:1" } });
    expect(code).toBe(1);
    expect(err).toMatch(
      /^packgate: cannot reach Packgate at http:\/\/127.0.0.1:1 \(.+\); start it with: packgate serve, or set PACKGATE_URL to where it runs\n$/,
    );
  });

  it("a connection that breaks", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const { err } = await run(argv, { env: { PACKGATE_KEY: CANARY, PACKGATE_URL: `http://127.0.0.1:${port}` } });
    server.close();
    expect(err).toMatch(/^packgate: cannot reach Packgate at http:\/\/127.0.0.1:\d+ \((UND_ERR_SOCKET|ECONNRESET)\);/);
  });

  it("an address that would carry the key in clear", async () => {
    const { err, code } = await run(argv, { env: { PACKGATE_KEY: CANARY, PACKGATE_URL: "http://packgate.example" } });
    expect(code).toBe(1);
    expect(err).toMatch(/^packgate: PACKGATE_URL is not https; /);
  });
});

describe("PACKGATE_KEY", () => {
  it.each(QUESTIONS.filter(({ line }) => line !== "status"))("is missed before $line asks", async ({ argv }) => {
    const { asked, err, code } = await askServer(argv, { body: {} }, { PACKGATE_KEY: " " });
    expect({ asked, err, code }).toEqual({
      asked: [],
      err: "packgate: PACKGATE_KEY is not set; set it to the secret of a client in the server's PACKGATE_INDEX_CLIENTS\n",
      code: 1,
    });
  });

  it("is not quoted when no header can carry it", async () => {
    const { err } = await run(["claims"], { env: { PACKGATE_KEY: `${CANARY}\nX: y` } });
    expect(err).toBe(
      "packgate: PACKGATE_KEY holds characters that no secret has; copy it again, without spaces or line breaks\n",
    );
  });

  it("is not quoted by a URL fault either", async () => {
    const { err } = await run(["claims"], {
      env: { PACKGATE_URL: `https://u:${CANARY}@h.example`, PACKGATE_KEY: "k" },
    });
    expect(err).toMatch(/^packgate: PACKGATE_URL carries credentials; /);
  });
});

it("reports a network failure that has no code", async () => {
  const { err } = await run(["status"], { fetch: () => Promise.reject(new TypeError("fetch failed")) });
  expect(err).toMatch(/^packgate: cannot reach Packgate at http:\/\/127.0.0.1:3000 \(no connection\);/);
  const both = new AggregateError([new Error("x"), Object.assign(new Error("y"), { code: "ENETUNREACH" })]);
  const dual = await run(["status"], { fetch: () => Promise.reject(new TypeError("fetch failed", { cause: both })) });
  expect(dual.err).toContain("(ENETUNREACH)");
});

it("takes a server's control characters apart", async () => {
  const message = "look \u001b]0;owned\u0007\u009b31m\u202e\u{e0001}";
  const { err } = await askServer(["claims"], { status: 500, body: refusal("internal", message) });
  expect(err).toBe(
    String.raw`packgate: Packgate at URL says: look \u001b]0;owned\u0007\u009b31m\u202e\udb40\udc01` + "\n",
  );
  const reply = { ready: true, orgs: [], problems: [message] };
  const { out } = await askServer(["status", "--json"], { body: reply });
  expect(out).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(JSON.parse(out)).toEqual(reply);
});
