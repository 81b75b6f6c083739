import { request } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { ask, deferred, deliver, listen, pause, signatureOf } from "./helpers.ts";
import { sendRaw } from "./raw.ts";

const MIB = 1024 * 1024;
const PATH = "/api/github/webhooks";

describe("POST /api/github/webhooks", () => {
  it("hands over a signed delivery and acknowledges it", async () => {
    const { port, server, service } = await listen();
    const reply = await deliver(port, '{"action":"added"}');
    expect([reply.status, reply.text]).toEqual([202, '{"status":"accepted"}']);
    expect(service.deliveries).toEqual([
      { id: "72d3162e-cc78-11e3-81ab-4c9367dc0958", name: "team", payload: { action: "added" } },
    ]);
    // Whoever accepted it counts it.
    expect(await service.metrics.registry.metrics()).not.toContain("webhooks_total{");
    server.close();
  });

  it("acknowledges only what was taken", async () => {
    const taken = deferred<undefined>();
    const { port, server, service } = await listen({
      webhook: { verify: () => Promise.resolve(true), accept: () => taken.promise },
    });
    let answered = false;
    const reply = deliver(port, "{}").then((result) => {
      answered = true;
      return result;
    });
    await pause(50);
    expect(answered).toBe(false);
    taken.resolve(undefined);
    expect((await reply).status).toBe(202);
    expect(service.lines).toEqual([]);
    server.close();
  });

  it("admits it when a delivery could not be taken", async () => {
    const { port, server, service } = await listen({
      webhook: { verify: () => Promise.resolve(true), accept: () => Promise.reject(new Error("queue is full")) },
    });
    const reply = await deliver(port, '{"canary":"in the payload"}');
    expect(reply).toMatchObject({ status: 500, json: { error: "internal" } });
    expect(reply.text).not.toContain("queue");
    expect(service.lines.join("\n")).toContain("queue is full");
    expect(service.lines.join("\n")).not.toContain("in the payload");
    expect(await service.metrics.registry.metrics()).toContain('webhooks_total{event="unknown",result="failed"} 1');
    server.close();
  });

  const bad = `sha256=${"0".repeat(64)}`;
  it.each([
    ["a signature of something else", "{}", { "x-hub-signature-256": bad }, 401, "invalid_signature"],
    ["a signature that cannot be one", "{}", { "x-hub-signature-256": "sha256=short" }, 401, "invalid_signature"],
    ["a SHA-1 signature", "{}", { "x-hub-signature-256": `sha1=${"0".repeat(40)}` }, 401, "invalid_signature"],
    ["a bad signature on what is not JSON", "{canary", { "x-hub-signature-256": bad }, 401, "invalid_signature"],
    ["what is not JSON", "{canary", {}, 400, "invalid_request"],
    ["an empty body", "", {}, 400, "invalid_request"],
    ["an array", "[1]", {}, 400, "invalid_request"],
    ["null", "null", {}, 400, "invalid_request"],
    ["a string", '"canary"', {}, 400, "invalid_request"],
    [
      "a form",
      "payload=%7B%7D",
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      "unsupported_media_type",
    ],
    [
      "a form that is not signed",
      "payload=%7B%7D",
      { "content-type": "application/x-www-form-urlencoded", "x-hub-signature-256": "" },
      401,
      "invalid_signature",
    ],
    [
      "neither event nor signature",
      "{}",
      { "x-github-event": "", "x-hub-signature-256": "sha256=short" },
      401,
      "invalid_signature",
    ],
    ["no event", "{}", { "x-github-event": "" }, 400, "invalid_request"],
    ["no delivery id", "{}", { "x-github-delivery": "" }, 400, "invalid_request"],
  ])("refuses %s", async (_, body, headers, status, error) => {
    const { port, server, service } = await listen();
    const reply = await deliver(port, body, headers);
    expect([reply.status, reply.json["error"]]).toEqual([status, error]);
    expect(reply.text + service.lines.join()).not.toContain("canary");
    expect(service.deliveries).toEqual([]);
    server.close();
  });

  it("refuses what is not signed at all, and bytes that are not the signed text", async () => {
    const { port, server, service } = await listen();
    const headers = { "content-type": "application/json", "x-github-event": "team", "x-github-delivery": "1" };
    expect((await ask(port, PATH, { method: "POST", body: "{}", headers })).status).toBe(401);
    const signed = { ...headers, "x-hub-signature-256": signatureOf('{"a":"\ufffd"}') };
    const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]);
    const reply = await ask(port, PATH, { method: "POST", body: bytes, headers: signed });
    // Decoding would make these bytes the signed text.
    expect(reply.status).toBe(401);
    expect(service.deliveries).toEqual([]);
    server.close();
  });

  it("counts forgeries without the name they bring", async () => {
    const { port, server, service } = await listen();
    await deliver(port, "{}", { "x-github-event": "made-up", "x-hub-signature-256": bad });
    const text = await service.metrics.registry.metrics();
    expect(text).toContain('webhooks_total{event="unknown",result="invalid_signature"} 1');
    expect(text).not.toContain("made-up");
    server.close();
  });

  it("counts what is signed and no JSON, without its name", async () => {
    const { port, server, service } = await listen();
    await deliver(port, "[1]", { "x-github-event": "made-up" });
    const text = await service.metrics.registry.metrics();
    expect(text).toContain('webhooks_total{event="unknown",result="malformed"} 1');
    expect(text).not.toContain("made-up");
    server.close();
  });

  it("takes a large chunked delivery", async () => {
    const { port, server, service } = await listen();
    const body = JSON.stringify({ filler: "x".repeat(3 * MIB) });
    const reply = await new Promise<number>((resolve, reject) => {
      const sent = request({ port, path: PATH, method: "POST", headers: signed(body), agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject);
      for (let start = 0; start < body.length; start += MIB) sent.write(body.slice(start, start + MIB));
      sent.end();
    });
    expect(reply).toBe(202);
    expect(service.deliveries).toHaveLength(1);
    server.close();
  });
});

function signed(body: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-github-event": "push",
    "x-github-delivery": "1",
    "x-hub-signature-256": signatureOf(body),
  };
}

function head(more: string): string {
  return (
    `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\n` +
    `X-GitHub-Delivery: 1\r\nX-Hub-Signature-256: sha256=${"0".repeat(64)}\r\n${more}\r\n\r\n`
  );
}

interface Flood {
  readonly reply: string;
  /** What the server read from the connection. */
  readonly read: number;
  readonly verified: number;
}

async function flood(more: string, chunk: Buffer, count: number): Promise<Flood> {
  let verified = 0;
  const { port, server } = await listen({
    webhook: { verify: () => Promise.resolve((verified += 1) < 0), accept: () => undefined },
  });
  let peer: Socket | undefined;
  server.on("connection", (socket: Socket) => (peer = socket));
  const reply = await new Promise<string>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let sent = 0;
    const pump = (): void => {
      while (sent < count && socket.writable) {
        sent += 1;
        if (!socket.write(chunk)) return;
      }
    };
    socket.on("drain", pump);
    socket.on("data", (data) => (text += String(data)));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
    socket.write(head(more));
    pump();
  });
  const read = peer?.bytesRead ?? 0;
  server.close();
  return { reply, read, verified };
}

describe("a delivery over 25 MiB", () => {
  it("is refused at its Content-Length, unread", async () => {
    const { reply, read, verified } = await flood(`Content-Length: ${26 * MIB}`, Buffer.alloc(MIB, 0x20), 26);
    expect(reply).toMatch(/^HTTP\/1\.1 413 /);
    expect(reply).toContain('"error":"payload_too_large"');
    expect(read).toBeLessThan(MIB);
    expect(verified).toBe(0);
  });

  it("is too large before it is anything else", async () => {
    const { port, server, service } = await listen();
    const { text } = await sendRaw(port, `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: ${26 * MIB}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(await service.metrics.registry.metrics()).not.toContain("webhooks_total{");
    server.close();
  });

  it("is refused at the cap when its length is not announced", async () => {
    const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(MIB, 0x20), Buffer.from("\r\n")]);
    const { reply, read, verified } = await flood("Transfer-Encoding: chunked", chunk, 60);
    expect(reply).toMatch(/^HTTP\/1\.1 413 /);
    expect(read).toBeGreaterThan(25 * MIB);
    expect(read).toBeLessThan(26 * MIB);
    expect(verified).toBe(0);
  });

  it("is exactly that: 25 MiB are taken", async () => {
    const { port, server, service } = await listen();
    const body = `{"x":"${"y".repeat(25 * MIB - 8)}"}`;
    expect(Buffer.byteLength(body)).toBe(25 * MIB);
    expect((await deliver(port, body)).status).toBe(202);
    expect(service.deliveries).toHaveLength(1);
    server.close();
  });
});

describe("deliveries not yet verified", () => {
  interface Sender {
    readonly socket: Socket;
    readonly reply: Promise<string>;
  }

  function sender(port: number, more: string, body: Buffer): Sender {
    const socket = connect(port, "127.0.0.1");
    const reply = new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (data) => (text += String(data)));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(text));
    });
    socket.write(head(more));
    socket.write(body);
    return { socket, reply };
  }

  /** The answer to a body with a made-up signature, also one that comes before all is sent. */
  async function statusOf(body: string, port: number): Promise<number> {
    const text = await sender(port, `Content-Length: ${body.length}\r\nConnection: close`, Buffer.from(body)).reply;
    return Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
  }

  const HELD = 20 * MIB;
  const half = Buffer.alloc(HELD, 0x20);
  const medium = JSON.stringify({ filler: "x".repeat(10 * MIB) });

  it("share 64 MiB, which come back when a sender leaves or is refused", { timeout: 20_000 }, async () => {
    const { port, server, service } = await listen();
    const peers: Socket[] = [];
    server.on("connection", (socket: Socket) => peers.push(socket));
    const hold = (): Sender => sender(port, `Content-Length: ${HELD + 1}\r\nConnection: close`, half);

    const [first, second] = [hold(), hold(), hold()];
    await vi.waitFor(() => expect(peers.filter(({ bytesRead }) => bytesRead > HELD)).toHaveLength(3), 5000);
    for (let attempts = 0; attempts < 2; attempts++) {
      const { reply } = hold();
      const text = await reply;
      expect(text).toMatch(/^HTTP\/1\.1 503 /);
      expect(text).toMatch(/^retry-after: 5\r$/im);
      expect(text).toMatch(/^connection: close\r$/im);
      expect(text).toContain('"error":"unavailable"');
    }
    const read = peers.slice(3).map(({ bytesRead }) => bytesRead);
    expect(Math.max(...read)).toBeLessThan(6 * MIB);
    // What was refused holds nothing: small deliveries still pass.
    expect((await deliver(port, "{}")).status).toBe(202);
    expect(await statusOf(medium, port)).toBe(503);

    first.socket.destroy();
    await vi.waitFor(() => expect(peers[0]?.destroyed).toBe(true), 5000);
    expect((await deliver(port, medium)).status).toBe(202);

    const third = hold();
    await vi.waitFor(() => expect(peers.at(-1)?.bytesRead).toBeGreaterThan(HELD), 5000);
    expect(await statusOf(medium, port)).toBe(503);
    second.socket.write(" ");
    expect(await second.reply).toMatch(/^HTTP\/1\.1 401 /);
    expect((await deliver(port, medium)).status).toBe(202);
    expect(service.deliveries).toHaveLength(3);
    third.socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  it("count until they are verified, though they have arrived", { timeout: 20_000 }, async () => {
    const verdict = deferred<boolean>();
    let waiting = 0;
    const { port, server } = await listen({
      webhook: {
        verify: (body) => (body === medium ? Promise.resolve(true) : ((waiting += 1), verdict.promise)),
        accept: () => undefined,
      },
    });
    const held = [0, 1, 2].map(() => sender(port, `Content-Length: ${HELD}\r\nConnection: close`, half));
    await vi.waitFor(() => expect(waiting).toBe(3), 5000);
    expect(await statusOf(medium, port)).toBe(503);
    verdict.resolve(false);
    for (const { reply } of held) expect(await reply).toMatch(/^HTTP\/1\.1 401 /);
    expect((await deliver(port, medium)).status).toBe(202);
    server.close();
  });

  it("cost more than their bytes when they come byte by byte", async () => {
    const { port, server } = await listen();
    const { reply } = sender(port, "Transfer-Encoding: chunked", Buffer.from("1\r\nx\r\n".repeat(150_000)));
    expect(await reply).toMatch(/^HTTP\/1\.1 503 /);
    expect((await deliver(port, "{}")).status).toBe(202);
    server.close();
  });
});
