import type { Socket } from "node:net";
import { connect } from "node:net";
import { Agent, request } from "node:http";
import { timingSafeEqual } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { closeGracefully } from "../../src/http/server.ts";
import type { TokenCheck } from "../../src/http/service.ts";
import { ALICE } from "./acme.ts";
import {
  ask,
  askAuthorize,
  BASIC,
  deferred,
  digestOf,
  identityOf,
  listen,
  OTHER_SECRET,
  pause,
  SECRET,
  TOKEN,
} from "./helpers.ts";
import { sendRaw } from "./raw.ts";

vi.mock("node:crypto", async (original) => {
  const crypto = await original<typeof import("node:crypto")>();
  return { ...crypto, timingSafeEqual: vi.fn<typeof crypto.timingSafeEqual>(crypto.timingSafeEqual) };
});

const asked = { package: "acme-core", action: "upload", user: "alice" };
const basic = (text: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString("base64")}`,
});

describe("index clients", () => {
  it.each([
    ["Basic", BASIC, 200],
    ["Basic, another client", basic(`index-b:${OTHER_SECRET}`), 200],
    ["Basic under another's name", basic(`index-b:${SECRET}`), 401],
    ["Basic without a name", basic(`:${SECRET}`), 401],
    ["Basic without a secret", basic("index-a:"), 401],
    ["Basic in other letters", { authorization: BASIC.authorization.replace("Basic", "bASIC") }, 200],
    ["Bearer", { authorization: `Bearer ${SECRET}` }, 200],
    ["Bearer in other letters", { authorization: `BEARER  ${SECRET}` }, 200],
    ["Bearer cut short", { authorization: `Bearer ${SECRET.slice(0, -1)}` }, 401],
    ["Bearer and more", { authorization: `Bearer ${SECRET} x` }, 401],
    ["a key", { "x-packgate-key": SECRET }, 200],
    ["a key beside an end user's credentials", { "x-packgate-key": SECRET, ...basic(`alice:${TOKEN}`) }, 200],
    ["a wrong key beside right credentials", { "x-packgate-key": "x", ...BASIC }, 401],
    ["an empty key", { "x-packgate-key": "" }, 401],
    ["nothing", {}, 401],
  ])("%s → %i", async (_, headers, status) => {
    const { port, server } = await listen();
    const reply = await askAuthorize(port, asked, headers);
    const refused = status === 401;
    expect(reply.status).toBe(status);
    expect(reply.json["error"]).toBe(refused ? "invalid_client" : undefined);
    expect(reply.headers["www-authenticate"]).toBe(refused ? 'Basic realm="packgate", charset="UTF-8"' : undefined);
    server.close();
  });

  it("may have secrets and names beyond ASCII", async () => {
    const clients = [{ name: "índice", org: undefined, digest: digestOf("geheimnisvoll-ß-0123456789") }];
    const { port, server } = await listen({ clients });
    expect((await askAuthorize(port, asked, basic("índice:geheimnisvoll-ß-0123456789"))).status).toBe(200);
    const body = JSON.stringify(asked);
    const head = `POST /authorize HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n`;
    const key = "X-Packgate-Key: geheimnisvoll-ß-0123456789\r\n\r\n";
    expect((await sendRaw(port, Buffer.from(head + key + body))).statuses).toEqual([200]);
    server.close();
  });

  it("are all refused when there are none, or when a secret is not theirs alone", async () => {
    for (const clients of [
      [],
      [
        { name: "a", org: "acme", digest: digestOf(SECRET) },
        { name: "b", org: "beta", digest: digestOf(SECRET) },
      ],
    ]) {
      const { port, server } = await listen({ clients });
      expect((await askAuthorize(port, asked, { authorization: `Bearer ${SECRET}` })).status).toBe(401);
      server.close();
    }
  });

  it("are compared with every client, whether or not one has matched", async () => {
    const { port, server, service } = await listen();
    const bearers = [SECRET, OTHER_SECRET, "neither"].map((secret) => ({ authorization: `Bearer ${secret}` }));
    for (const headers of [...bearers, BASIC, basic(`nobody:${SECRET}`), basic("nobody:neither")]) {
      vi.mocked(timingSafeEqual).mockClear();
      await askAuthorize(port, asked, headers);
      expect(timingSafeEqual).toHaveBeenCalledTimes(service.clients.length);
    }
    server.close();
  });

  it("are known before anything else is looked at", async () => {
    const { port, server } = await listen({
      verifyToken: () => {
        throw new Error("must not be asked");
      },
    });
    const reply = await ask(port, "/authorize", { method: "POST", body: "{", headers: {} });
    expect(reply.json["error"]).toBe("invalid_client");
    server.close();
  });
});

describe("request ids", () => {
  it.each([
    ["abc-123", "abc-123"],
    ["!~".repeat(64), "!~".repeat(64)],
    ["x".repeat(129), "request-1"],
    ["two words", "request-1"],
    ["\u00e4", "request-1"],
    ["", "request-1"],
  ])("%s → %s", async (given, echoed) => {
    const { port, server } = await listen();
    expect((await ask(port, "/healthz", { headers: { "x-request-id": given } })).headers["x-request-id"]).toBe(echoed);
    server.close();
  });

  it("are one even where several were sent", async () => {
    const { port, server } = await listen();
    const reply = await ask(port, "/nowhere", { headers: { "x-request-id": ["a", "b"] } });
    expect(reply.headers["x-request-id"]).toBe("request-1");
    server.close();
  });
});

describe("closing", () => {
  const active: TokenCheck = { status: "active", identity: identityOf(ALICE, "alice") };

  it("finishes what is in flight, takes nothing new, and drops idle connections", async () => {
    const check = deferred<TokenCheck>();
    const { port, server } = await listen({ verifyToken: () => check.promise });
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve) => {
      request({ port, path: "/healthz", agent }, (response) => response.resume().on("end", resolve)).end();
    });
    const inFlight = askAuthorize(port, { package: "acme-core", action: "upload", token: TOKEN });
    await pause(50);

    let closed = false;
    const closing = closeGracefully(server, 5000).then(() => (closed = true));
    await pause(60);
    expect(closed).toBe(false);
    await expect(ask(port, "/healthz")).rejects.toThrow(/ECONNREFUSED/);
    check.resolve(active);
    expect((await inFlight).status).toBe(200);
    await closing;
    agent.destroy();
  });

  it("cuts off what does not end in time", async () => {
    const { port, server } = await listen({ verifyToken: () => new Promise(() => undefined) });
    const hanging = askAuthorize(port, { package: "acme-core", action: "upload", token: TOKEN });
    const outcome = hanging.then(
      () => "answered",
      (error: Error) => error.message,
    );
    await pause(50);
    await closeGracefully(server, 100);
    expect(await outcome).toMatch(/socket hang up|ECONNRESET/);
  });
});

describe("connections", () => {
  it("survive a client that goes away while its token is checked", async () => {
    const check = deferred<TokenCheck>();
    const { port, server, service } = await listen({
      verifyToken: () => check.promise,
    });
    const body = JSON.stringify({ package: "acme-core", action: "upload", token: TOKEN });
    const socket = connect(port, "127.0.0.1");
    socket.write(
      `POST /authorize HTTP/1.1\r\nHost: x\r\nAuthorization: ${BASIC.authorization}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await pause(50);
    socket.destroy();
    await pause(20);
    check.resolve({ status: "active", identity: identityOf(ALICE, "alice") });
    expect((await ask(port, "/healthz")).status).toBe(200);
    expect(service.lines.filter((line) => line.startsWith("error"))).toEqual([]);
    server.close();
  });

  it("survive garbage behind a request whose token is being checked", async () => {
    const check = deferred<TokenCheck>();
    const asked = deferred<void>();
    const { port, server } = await listen({
      verifyToken: () => {
        asked.resolve();
        return check.promise;
      },
    });
    const body = JSON.stringify({ package: "acme-core", action: "upload", token: TOKEN });
    const sent = sendRaw(
      port,
      `POST /authorize HTTP/1.1\r\nHost: x\r\nAuthorization: ${BASIC.authorization}\r\nContent-Length: ${body.length}\r\n\r\n${body}\u0000\r\n\r\n`,
      2,
    );
    await asked.promise;
    check.resolve({ status: "active", identity: identityOf(ALICE, "alice") });
    expect((await sent).statuses).toEqual([200, 400]);
    expect((await ask(port, "/healthz")).status).toBe(200);
    server.close();
  });

  it("survive an error after the client has gone", async () => {
    const check = deferred<TokenCheck>();
    const { port, server, service } = await listen({
      verifyToken: () => check.promise,
    });
    const pending = askAuthorize(port, { package: "acme-core", action: "upload", token: TOKEN }).catch(() => undefined);
    await pause(50);
    server.closeAllConnections();
    await pending;
    check.reject(new Error("too late"));
    await pause(20);
    expect(service.lines.join("\n")).toContain("too late");
    server.close();
  });

  it("survive a reset in the middle of a request", async () => {
    const { port, server } = await listen();
    const socket = connect(port, "127.0.0.1");
    await new Promise<void>((resolve) => {
      socket.write("POST /authorize HTTP/1.1\r\nHost: x\r\nContent-Le", () => resolve());
    });
    await pause(30);
    socket.resetAndDestroy();
    await pause(30);
    expect((await ask(port, "/healthz")).status).toBe(200);
    server.close();
  });

  it("that began with garbage are not read any further", async () => {
    const { port, server } = await listen();
    const peers: Socket[] = [];
    server.on("connection", (peer: Socket) => peers.push(peer));
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined);
    socket.write(Buffer.from([22, 3, 1, 13, 10]));
    const flood = Buffer.alloc(1024 * 1024);
    const pump = (): void => {
      while (socket.writable && socket.write(flood));
    };
    socket.on("drain", pump);
    await new Promise<void>((resolve) => {
      socket.once("data", () => pump());
      socket.once("close", () => resolve());
    });
    expect(peers[0]?.bytesRead).toBeLessThan(1024);
    server.close();
  });

  it("are not answered once they cannot be written to", async () => {
    const { port, server } = await listen();
    const socket = connect(port, "127.0.0.1");
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    socket.end();
    await new Promise<void>((resolve) => socket.once("close", () => resolve()));
    expect((await ask(port, "/healthz")).status).toBe(200);
    server.close();
  });
});
