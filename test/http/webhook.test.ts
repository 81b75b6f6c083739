import { request } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { ask, deferred, deliver, listen, pause, signatureOf } from "./helpers.ts";

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
    expect(await service.metrics.registry.metrics()).toContain('webhooks_total{event="team",result="accepted"} 1');
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
    expect(await service.metrics.registry.metrics()).toContain('webhooks_total{event="team",result="failed"} 1');
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
    expect(text).toContain('webhooks_total{event="unverified",result="invalid_signature"} 1');
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
