import { once } from "node:events";
import type { RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import express from "express";
import * as z from "zod";
import { authorize } from "../../src/http/decision/authorize.ts";
import { attempt, exchangeOf } from "../../src/http/exchange.ts";
import { createHttpServer } from "../../src/http/server.ts";
import { answerRequests } from "../worker.ts";
import { MAP_OF_EVERYBODY } from "./requests.ts";
import { servedOrganization } from "./service.ts";
import type { Handling } from "./variants.ts";
import { HANDLINGS } from "./variants.ts";

/** As long as the reply to a real question. */
const CONSTANT = JSON.stringify({ decision: "allow", reason: "team", message: "x".repeat(380) });

/** As long as the map of everybody is on average: 5,000 people, of whom most may read a package. */
const LONG = Buffer.from(JSON.stringify({ map: "x".repeat(77_500) }));

const reply = (response: ServerResponse, body: string | Buffer): void => {
  response.writeHead(200, ["content-type", "application/json", "content-length", String(body.length)]);
  response.end(body);
};
const constant: RequestListener = (_, response) => reply(response, CONSTANT);

const SERVERS: Readonly<Record<Handling, () => Server | Promise<Server>>> = {
  raw: () => createServer(constant),
  "raw, long": () =>
    createServer(({ url }, response) => reply(response, url?.includes(MAP_OF_EVERYBODY) ? LONG : CONSTANT)),
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
