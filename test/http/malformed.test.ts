import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Listening } from "./helpers.ts";
import { BASIC, CANARIES, listen, TOKEN } from "./helpers.ts";
import { sendRaw } from "./raw.ts";

let served: Listening;
/** Has no patience with slow callers, so nobody else should ask it. */
let hasty: Listening;
beforeAll(async () => {
  served = await listen({});
  hasty = await listen({}, { headersTimeout: 300, requestTimeout: 400, connectionsCheckingInterval: 50 });
});
afterAll(() => {
  for (const { server } of [served, hasty]) {
    server.closeAllConnections();
    server.close();
  }
});

const AUTH = `Authorization: ${BASIC.authorization}`;
const GOOD = JSON.stringify({ package: "acme-core", action: "upload", token: TOKEN });

function post(body: string | Buffer, { path = "/authorize", headers = [AUTH], method = "POST" } = {}): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    "Host: x",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    "",
    "",
  ];
  return Buffer.concat([Buffer.from(head.join("\r\n")), Buffer.from(body)]);
}

function get(path: string, method = "GET", headers: readonly string[] = [AUTH]): string {
  return [`${method} ${path} HTTP/1.1`, "Host: x", ...headers, "", ""].join("\r\n");
}

const KIB64 = 64 * 1024;
const question = (more: object): string => JSON.stringify({ package: "acme-core", action: "upload", ...more });
const sized = (bytes: number): string => {
  const empty = question({ token: TOKEN, filler: "" });
  return question({ token: TOKEN, filler: "x".repeat(bytes - empty.length) });
};
const chunked = (body: string): string =>
  `POST /authorize HTTP/1.1\r\nHost: x\r\n${AUTH}\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const form = (body: string | Buffer): Buffer =>
  post(body, { path: "/introspect", headers: [AUTH, "Content-Type: application/x-www-form-urlencoded"] });

const access = (body: string | Buffer): Buffer =>
  post(body, { path: "/access/v1/evaluation", headers: [AUTH, "Content-Type: application/json"] });

/** What is sent, and the statuses that come back. */
const TABLE: readonly (readonly [string, string | Buffer, readonly number[]])[] = [
  // Bodies that are not what they should be.
  ["an empty body", post(""), [400]],
  ["half a JSON", post('{"package":'), [400]],
  ["two JSON documents", post("{}{}"), [400]],
  ["JSON with a comment", post("{/* */}"), [400]],
  ["JSON with a byte order mark", post(`\ufeff${GOOD}`), [400]],
  ["NaN", post('{"package":NaN}'), [400]],
  ["null", post("null"), [400]],
  ["true", post("true"), [400]],
  ["a number", post("1e999"), [400]],
  ["a string", post('"acme-core"'), [400]],
  ["an array", post("[]"), [400]],
  ["an array of questions", post(`[${GOOD}]`), [400]],
  ["an empty object", post("{}"), [400]],
  ["deep nesting", post("[".repeat(30_000)), [400]],
  ["deep nesting that ends", post(`${"[".repeat(30_000)}${"]".repeat(30_000)}`), [400]],
  ["a deep unknown member", post(`{"x":${"[".repeat(20_000)}${"]".repeat(20_000)},${GOOD.slice(1)}`), [200]],
  ["invalid UTF-8", post(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d])), [400]],
  [
    "invalid UTF-8 inside a name",
    post(Buffer.concat([Buffer.from('{"package":"a'), Buffer.from([0xff]), Buffer.from('"}')])),
    [400],
  ],
  ["a lone surrogate", post(question({ token: "\ud800" })), [401]],
  ["UTF-16", post(Buffer.from(GOOD, "utf16le")), [400]],
  ["gzip", post(Buffer.from([0x1f, 0x8b, 8, 0, 0])), [400]],

  // Members of a wrong type.
  ["a package that is a number", post('{"package":1,"action":"read"}'), [400]],
  ["a package that is null", post('{"package":null,"action":"read"}'), [400]],
  ["a package that is an array", post('{"package":["acme-core"],"action":"read"}'), [400]],
  ["a package that is an object", post('{"package":{"toString":1},"action":"read"}'), [400]],
  ["an action that is an array", post('{"package":"acme-core","action":["read"]}'), [400]],
  ["a token that is a number", post(question({ token: 1e308 })), [400]],
  ["a user that is an id", post(question({ user: 583_231 })), [200]],
  ["a user that is 0", post(question({ user: 0 })), [400]],
  ["a user that is negative", post(question({ user: -583_231 })), [400]],
  ["a user that is a fraction", post(question({ user: 583_231.5 })), [400]],
  ["a user beyond the safe integers", post(question({ user: 1e21 })), [400]],
  ["a user that is true", post(question({ user: true })), [400]],
  ["an empty user", post(question({ user: "" })), [400]],
  ["credentials that are a string", post(question({ credentials: "alice" })), [400]],
  ["credentials that are an array", post(question({ credentials: ["alice", "x"] })), [400]],
  ["credentials that are null", post(question({ credentials: null })), [400]],
  ["a password that is an object", post(question({ credentials: { username: "alice", password: {} } })), [400]],
  ["explain that is a string", post(question({ explain: "true" })), [400]],
  ["an unknown ecosystem", post(question({ ecosystem: "npm" })), [400]],
  ["an org that is a number", post(question({ org: 1 })), [400]],
  ["a minAsOf that is a number", post(question({ minAsOf: 1 })), [400]],
  ["a minAsOf that is no time", post(question({ minAsOf: "yesterday" })), [400]],
  ["a minAsOf without a zone", post(question({ minAsOf: "2026-11-21T20:00:00" })), [400]],
  ["a minAsOf on no day", post(question({ minAsOf: "2026-02-30T20:00:00Z" })), [400]],

  // Values that mean nothing, or two things.
  ["an unknown action", post('{"package":"acme-core","action":"own"}'), [400]],
  ["an action of a prototype", post('{"package":"acme-core","action":"constructor"}'), [400]],
  ["an empty name", post('{"package":"","action":"read"}'), [400]],
  ["a name with a NUL", post('{"package":"acme\\u0000core","action":"read"}'), [400]],
  ["a name with a line break", post('{"package":"acme-core\\n","action":"read"}'), [400]],
  ["a name that climbs", post('{"package":"../core","action":"read"}'), [400]],
  ["a name of another script", post('{"package":"acme-сore","action":"read"}'), [400]],
  ["a name of 513 characters", post(JSON.stringify({ package: "a".repeat(513), action: "read" })), [400]],
  ["a name that is a prototype key", post('{"package":"__proto__","action":"read"}'), [400]],
  ["a name like a method", post('{"package":"constructor","action":"read","user":"olga"}'), [403]],
  ["token and user", post(question({ token: TOKEN, user: "alice" })), [400]],
  ["token and credentials", post(question({ token: TOKEN, credentials: {} })), [400]],
  ["all three", post(question({ token: TOKEN, user: "alice", credentials: { username: "a", password: "b" } })), [400]],
  ["an org that is not served", post(question({ org: "other" })), [400]],
  [
    "prototype keys",
    post(`{"__proto__":{"user":"olga"},"constructor":{"prototype":{}},${question({}).slice(1)}`),
    [401],
  ],
  ["an inherited identity", post(`{"credentials":{"__proto__":{"username":"alice"}},${question({}).slice(1)}`), [401]],
  ["duplicate keys: the last counts", post(`{"user":"olga","user":"carol",${question({}).slice(1)}`), [403]],
  ["a user with spaces", post(question({ user: " alice " })), [403]],
  ["a user with a NUL", post(question({ user: "alice\u0000" })), [403]],
  ["a huge id", post(question({ user: "9".repeat(400) })), [403]],

  // Sizes.
  ["64 KiB", post(sized(KIB64)), [200]],
  ["64 KiB and a byte", post(sized(KIB64 + 1)), [413]],
  ["64 KiB in chunks", chunked(sized(KIB64)), [200]],
  ["64 KiB and a byte in chunks", chunked(sized(KIB64 + 1)), [413]],
  ["a form of 64 KiB and a byte", form("x".repeat(KIB64 + 1)), [413]],
  ["headers of 20 KiB", get("/healthz", "GET", [`X-Long: ${"x".repeat(20_000)}`]), [431]],
  [
    "500 headers",
    get(
      "/healthz",
      "GET",
      Array.from({ length: 500 }, (_, index) => `X-${index}: ${"y".repeat(40)}`),
    ),
    [431],
  ],
  ["a URL of 20 KiB", get(`/healthz?${"x".repeat(20_000)}`), [431]],

  // Paths and methods.
  ["a query on a decision", post(GOOD, { path: "/authorize?x=1&token=y" }), [200]],
  ["an empty query", post(GOOD, { path: "/authorize?" }), [200]],
  ["the absolute form", post(GOOD, { path: "http://packgate.example/authorize" }), [200]],
  ["the absolute form for Express", get("HTTP://packgate.example/healthz"), [200]],
  ["the absolute form without a path", get("http://packgate.example"), [404]],
  ["another scheme", post(GOOD, { path: "ftp://x/authorize" }), [404]],
  ["two slashes", post(GOOD, { path: "//authorize" }), [404]],
  ["two slashes for Express", get("//healthz"), [404]],
  ["a slash at the end", post(GOOD, { path: "/authorize/" }), [404]],
  ["a slash at the end for Express", get("/healthz/"), [404]],
  ["capitals", post(GOOD, { path: "/Authorize" }), [404]],
  ["an encoded letter", post(GOOD, { path: "/%61uthorize" }), [404]],
  ["a bad percent escape", get("/%zz%"), [404]],
  ["a bad percent escape in a query", get("/what-can?user=%zz%"), [404]],
  ["an encoded slash", get("/..%2f..%2fetc/passwd"), [404]],
  ["a path that climbs", get("/../../etc/passwd"), [404]],
  ["a NUL in a path", get("/a%00b"), [404]],
  ["a path that nobody has", get("/pypicloud/nothing"), [404]],
  ["pypicloud's check without a query", get("/pypicloud/verify"), [400]],
  ["a query that is no text", get("/pypicloud/verify?username=%ff%fe&password=%00%80"), [200]],
  ["a query within a query", get("/pypicloud/groups??username=alice"), [200]],
  ["a parameter twice", get("/pypicloud/groups?username=alice&username=bob"), [400]],
  ["a prototype as a parameter", get("/pypicloud/user_permissions?__proto__=x&package=constructor"), [200]],
  ["a prototype as a group", get("/pypicloud/group_permissions?package=__proto__"), [200]],
  ["a prototype as an entity", access('{"__proto__":{"subject":1},"subject":{"__proto__":{"type":"user"}}}'), [400]],
  ["an evaluation that is an array", access("[]"), [400]],
  ["an evaluation that is null", access("null"), [400]],
  ["an evaluation in UTF-16", access(Buffer.from('{"subject":{}}', "utf16le")), [400]],
  ["an evaluation that is too long", access(`{"subject":"${"x".repeat(KIB64)}"}`), [413]],
  ["OPTIONS *", get("*", "OPTIONS"), [404]],
  ["GET for a decision", get("/authorize"), [405]],
  ["HEAD for a decision", get("/authorize", "HEAD"), [405]],
  ["OPTIONS for a decision", get("/introspect", "OPTIONS"), [405]],
  ["DELETE for webhooks", get("/api/github/webhooks", "DELETE"), [405]],
  ["POST for health", post("", { path: "/healthz" }), [405]],
  ["OPTIONS for metrics", get("/metrics", "OPTIONS"), [405]],
  ["PATCH for what is not there", get("/nowhere", "PATCH"), [404]],
  ["a method nobody knows", get("/authorize", "BREW"), [400]],
  ["CONNECT", get("packgate.example:443", "CONNECT"), []],
  ["an upgrade", get("/healthz", "GET", ["Connection: Upgrade", "Upgrade: websocket"]), [200]],

  // The protocol itself.
  ["no Host", "GET /healthz HTTP/1.1\r\n\r\n", [400]],
  ["HTTP/1.0 without Host", "GET /healthz HTTP/1.0\r\n\r\n", [200]],
  ["HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]],
  ["a TLS hello", Buffer.from([0x16, 0x03, 0x01, 0x00, 0xa5, 0x01]), [400]],
  ["random bytes", Buffer.from([0, 1, 2, 3, 255, 254, 13, 10, 13, 10]), [400]],
  [
    "a body of two lengths",
    `POST /authorize HTTP/1.1\r\nHost: x\r\n${AUTH}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    [400],
  ],
  [
    "a length and chunks",
    `POST /authorize HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    [400],
  ],
  ["a negative length", `POST /authorize HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}`, [400]],
  [
    "a chunk that is no chunk",
    `POST /authorize HTTP/1.1\r\nHost: x\r\n${AUTH}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    [400],
  ],
  ["a header without a colon", "GET /healthz HTTP/1.1\r\nHost: x\r\nNonsense\r\n\r\n", [400]],
  ["a folded header", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n", [400]],
  ["garbage after a good request", Buffer.concat([post(GOOD), Buffer.from("\u0000garbage\r\n\r\n")]), [200, 400]],
  ["two good requests at once", Buffer.concat([post(GOOD), post(GOOD)]), [200, 200]],
  ["an expectation", post(GOOD, { headers: [AUTH, "Expect: miracles"] }), [200]],
  ["an expected continue", post(GOOD, { headers: [AUTH, "Expect: 100-continue"] }), [100, 200]],

  // Callers who are not index clients.
  ["no credentials", post(GOOD, { headers: [] }), [401]],
  ["a scheme nobody knows", post(GOOD, { headers: ["Authorization: Digest x"] }), [401]],
  ["Basic that is not base64", post(GOOD, { headers: ["Authorization: Basic \u00ff\u00ff"] }), [401]],
  ["Basic without a colon", post(GOOD, { headers: ["Authorization: Basic YWJj"] }), [401]],
  ["Bearer without a secret", post(GOOD, { headers: ["Authorization: Bearer "] }), [401]],
  ["an end user's token", post(GOOD, { headers: [`Authorization: Bearer ${TOKEN}`] }), [401]],

  // Slow callers.
  ["headers that never end", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A:", [408]],
  ["a body that never comes", `POST /authorize HTTP/1.1\r\nHost: x\r\n${AUTH}\r\nContent-Length: 9\r\n\r\n{`, [408]],
  [
    "chunks that never end",
    `POST /authorize HTTP/1.1\r\nHost: x\r\n${AUTH}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    [408],
  ],
];

async function fault(body: string): Promise<string> {
  const { text } = await sendRaw(served.port, post(body));
  return /"message":"([^"]*)"/.exec(text)?.[1] ?? "";
}

describe.concurrent("malformed requests", () => {
  it("are many", () => {
    expect(TABLE.length).toBeGreaterThanOrEqual(60);
    expect(new Set(TABLE.map(([what]) => what)).size).toBe(TABLE.length);
  });

  it.each(TABLE)("%s", async (_, bytes, statuses) => {
    const { text } = await sendRaw((statuses.includes(408) ? hasty : served).port, bytes, statuses.length).then(
      (reply) => {
        expect(reply.statuses).toEqual(statuses);
        return reply;
      },
    );
    expect(text).not.toMatch(/\bat .*:\d+:\d+|node:internal|\/work\/|node_modules|\.ts\b|TypeError|SyntaxError/);
    for (const canary of CANARIES) expect(text).not.toContain(canary);
    for (const reply of text.split(/(?=HTTP\/1\.1 \d{3} )/)) {
      if (reply === "" || reply.startsWith("HTTP/1.1 100")) continue;
      expect(reply).toMatch(/^content-type: application\/json\r$/im);
      expect(reply).toMatch(/^cache-control: no-store\r$/im);
      expect(reply).toMatch(/^x-request-id: \S+\r$/im);
    }
  });
});

describe("malformed requests", () => {
  it("leave nothing of themselves in the log", () => {
    const log = [served, hasty].flatMap(({ service }) => service.lines).join("\n");
    expect(log).not.toContain("internal");
    expect(log).not.toContain("error ");
    for (const canary of CANARIES) expect(log).not.toContain(canary);
  });

  it("are told the path of the fault", async () => {
    expect(await fault(question({ credentials: { username: "a", password: 1 } }))).toBe(
      "credentials.password: expected string, received number",
    );
    expect(await fault("[]")).toBe("body: expected object, received array");
    expect(await fault('{"package":"a","action":"own"}')).toMatch(
      /^action: unknown; use one of read, download, list, r, /,
    );
    expect(await fault('{"package":"-a","action":"read"}')).toMatch(/^package: this is not a valid project name/);
    expect(await fault(question({ ecosystem: "npm" }))).toMatch(/^ecosystem: /);
  });
});
