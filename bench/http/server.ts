import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import express from "express";
import * as z from "zod";
import { authorize } from "../../src/http/decision/authorize.ts";
import { attempt, exchangeOf } from "../../src/http/exchange.ts";
import { createHttpServer } from "../../src/http/server.ts";
import { answerRequests } from "../worker.ts";
import { servedOrganization } from "./service.ts";
import type { Handling } from "./variants.ts";
import { HANDLINGS } from "./variants.ts";

/** As long as the reply to a real question. */
const CONSTANT = JSON.stringify({ decision: "allow", reason: "team", message: "x".repeat(380) });

/** Of pypicloud's six calls for a package one names everybody who may have it: 5,000 people, of whom most may read it. */
const LONG = JSON.stringify({ list: "x".repeat(12_000) });

const replying =
  (text: string): RequestListener =>
  (_, response) => {
    response.writeHead(200, ["content-type", "application/json", "content-length", String(text.length)]);
    response.end(text);
  };
const constant = replying(CONSTANT);

const SERVERS: Readonly<Record<Handling, () => Server | Promise<Server>>> = {
  raw: () => createServer(constant),
  "raw, long": () => createServer(replying(LONG)),
  "raw with body": () =>
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (Buffer.concat(chunks).length > 0) constant(request, response);
      });
    }),
  packgate: async () => createHttpServer(await servedOrganization()),
  express: async () => {
    const service = await servedOrganization();
    const handler = authorize(service);
    const app = express().post("/authorize", (request, response) => {
      const exchange = exchangeOf(request, response, service.requestId);
      attempt(exchange, service.log, () => handler(exchange));
    });
    return createServer(app);
  },
};

const Request = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listen"), handling: z.enum(HANDLINGS) }),
  z.object({ kind: z.literal("cpu") }),
]);

/** One server in a process of its own, which tells how much processor time it has used. */
answerRequests(async (message) => {
  const request = Request.parse(message);
  if (request.kind === "cpu") {
    const { user, system } = process.cpuUsage();
    return user + system;
  }
  const server = await SERVERS[request.handling]();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" ? address?.port : undefined;
});
