import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Index } from "./index.ts";
import { startIndex } from "./index.ts";
import { freePort } from "./process.ts";

/**
 * What somebody may try who is allowed to upload one package. Packgate is replaced by one that allows everything and
 * remembers what it was asked, so whatever is refused here was refused by the middleware itself.
 */
describe("examples/pypiserver, told to allow everything", () => {
  let asked: unknown[] = [];
  let reply = { status: 200, body: JSON.stringify({ decision: "allow", message: "yes" }) };
  let packgate: Server;
  let index: Index;

  beforeAll(async () => {
    const port = await freePort();
    packgate = createServer(async (request, response) => {
      asked.push(await json(request));
      response.writeHead(reply.status, { "content-type": "application/json", location: index.url }).end(reply.body);
    }).listen(port, "127.0.0.1");
    await once(packgate, "listening");
    index = await startIndex(`http://127.0.0.1:${port}`);
  });
  afterAll(async () => {
    await index.stop();
    packgate.close();
  });
  beforeEach(() => {
    asked = [];
    reply = { status: 200, body: JSON.stringify({ decision: "allow", message: "yes" }) };
  });

  const authorization = `Basic ${Buffer.from("alice:secret").toString("base64")}`;
  const post = async (body: string, contentType = "multipart/form-data; boundary=X", more = {}): Promise<number> => {
    const headers = { authorization, "content-type": contentType, ...more };
    return (await fetch(`${index.url}/`, { method: "POST", headers, body: Buffer.from(body, "latin1") })).status;
  };
  const field = (name: string, value: string): string =>
    `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const file = (filename: string, type = "Content-Type: application/octet-stream\r\n"): string =>
    `--X\r\nContent-Disposition: form-data; name="content"; filename="${filename}"\r\n${type}\r\nbytes\r\n`;
  const action = field(":action", "file_upload");
  const name = field("name", "foo");
  const good = file("foo-1.0.tar.gz");
  const end = "--X--\r\n";

  it("takes a plain upload, and asks about its project", async () => {
    expect(await post(action + field("name", "Foo.Bar") + file("foo_bar-1.0.tar.gz") + end)).toBe(200);
    expect(index.files()).toEqual(["foo_bar-1.0.tar.gz"]);
    expect(asked).toEqual([
      { package: "foo-bar", action: "upload", credentials: { username: "alice", password: "secret" } },
    ]);
  });

  it.each([
    ["deletes", field(":action", "remove_pkg") + field("name", "foo-bar") + field("version", "1.0") + end],
    ["deletes, with a file for show", field(":action", "remove_pkg") + name + field("version", "1.0") + good + end],
    ["uploads documentation", field(":action", "doc_upload") + name + good + end],
    ["says two actions", action + field(":action", "remove_pkg") + name + good + end],
    ["says two names", action + name + field("name", "bar") + good + end],
    ["sends two files", action + name + good + file("bar-1.0.tar.gz") + end],
    ["says no name", action + good + end],
    ["sends no file", action + name + end],
    ["names another project's file", action + name + file("bar-1.0.tar.gz") + end],
    ["names an ambiguous file", action + name + file("foo-2-bar-1.0.tar.gz") + end],
    ["names an ambiguous wheel", action + name + file("foo-bar-1.0-py3-none-any.whl") + end],
    ["hides the project in what pypiserver cuts off", action + name + file("foo.win32-py3.8.tar.gz") + end],
    ["names a path", action + name + file("../foo-1.0.tar.gz") + end],
    ["escapes the name", action + name + file('foo-1.0.tar.gz\\"; name=\\"x') + end],
    ["encodes the file name", action + name + good.replace("filename=", "filename*=UTF-8''") + end],
    ["ends lines with LF", action + name + good.replaceAll("\r\n", "\n") + end],
    ["hides a part behind a bare LF", `${action}${name}${good.slice(0, -2)}\n${file("bar-1.0.tar.gz")}${end}`],
    ["nests a form", action + name + file("foo-1.0.tar.gz", "Content-Type: multipart/mixed; boundary=Y\r\n") + end],
    [
      "encodes a part",
      action + name + file("foo-1.0.tar.gz", "Content-Type: application/x-www-form-urlencoded\r\n") + end,
    ],
    ["gives a part a length", action + name + file("foo-1.0.tar.gz", "Content-Length: 1\r\n") + end],
    ["goes on after the end", action + name + good + end + file("bar-1.0.tar.gz") + end],
    ["never ends", action + name + good],
    ["begins with a preamble", `hello\r\n${action}${name}${good}${end}`],
    ["pads the boundary", action + name + good.replace("--X\r\n", "--X \r\n") + end],
  ])("refuses an upload that %s", async (_, body) => {
    expect(await post(body)).toBe(403);
    expect(asked).toEqual([]);
    expect(index.files()).toEqual(["foo_bar-1.0.tar.gz"]);
  });

  it("refuses metadata without end, other forms, and uploads by nobody", async () => {
    expect(await post(action + name + field("description", "x".repeat(300_000)) + good + end)).toBe(413);
    expect(await post(":action=remove_pkg&name=foo-bar&version=1.0", "application/x-www-form-urlencoded")).toBe(403);
    expect(await post(action + name + good + end, 'multipart/form-data; boundary="X"; boundary=Y')).toBe(403);
    expect(await post(action + name + good + end, undefined, { authorization: "" })).toBe(401);
    expect(asked).toEqual([]);
  });

  it.each([
    ["GET", "/"],
    ["GET", "/simple/"],
    ["GET", "/packages/"],
    ["GET", "/foo-bar/"],
    ["GET", "/simple//foo-bar/"],
    ["GET", "/packages/.hidden/foo_bar-1.0.tar.gz"],
    ["GET", "/packages/foo-bar-1.0.tar.gz"],
    ["GET", "/simple/f%C3%B6%C3%B6/"],
    ["POST", "/RPC2"],
    ["POST", "//"],
    ["DELETE", "/packages/foo_bar-1.0.tar.gz"],
    ["PUT", "/simple/foo-bar/"],
  ])("refuses %s %s, whoever asks", async (method, path) => {
    const response = await fetch(index.url + path, { method, headers: { authorization } });
    expect(response.status).toBe(403);
    expect(asked).toEqual([]);
  });

  it.each([
    ["/simple/Foo_Bar/", "foo-bar"],
    ["/foo-bar/json", "foo-bar"],
    ["/packages/foo_bar-1.0.tar.gz", "foo-bar"],
    ["/packages/foo_bar-1.0-py3-none-any.whl.metadata", "foo-bar"],
  ])("asks about %s as %s", async (path, project) => {
    await fetch(index.url + path, { redirect: "manual" });
    expect(asked).toEqual([{ package: project, action: "read", credentials: {} }]);
  });

  it.each([
    ["an allow with another status", 403, { decision: "allow", message: "no" }, 503],
    ["a refusal of its own key", 401, { error: "invalid_client", message: "who are you?" }, 503],
    ["something else", 200, ["allow"], 503],
    ["a redirect", 302, { decision: "allow", message: "elsewhere" }, 503],
    ["unknown", 503, { decision: "unknown", message: "not yet" }, 503],
    ["a denial", 403, { decision: "deny", message: "a\r\nX-Evil: b\u2028é" }, 403],
  ])("does not take %s for an allow", async (_, status, body, expected) => {
    reply = { status, body: JSON.stringify(body) };
    const response = await fetch(`${index.url}/simple/foo-bar/`);
    expect(response.status).toBe(expected);
    expect(response.headers.get("x-evil")).toBeNull();
  });
});
