import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { loadConfig } from "../../src/config.ts";
import { createHttpServer } from "../../src/http/server.ts";
import type { Service } from "../../src/service.ts";
import { createService } from "../../src/service.ts";
import { heapAfterGarbageCollection } from "../heap.ts";
import { outcomesFrom, Questions } from "../reference/question.ts";
import { SURROUNDINGS } from "../surroundings.ts";
import { Environment } from "../sync/messages.ts";
import { answerRequests } from "../worker.ts";

/** The real service behind its real server, in a process of its own that can be looked into. */
let service: Service | undefined;

async function listen(env: Readonly<Record<string, string>>): Promise<number> {
  service = await createService(
    loadConfig(env, () => ""),
    SURROUNDINGS,
  );
  const server = createHttpServer(service.http);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await service.start();
  while (!service.http.readiness().ready) await sleep(10);
  await service.idle();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** Resolves once all that it was told of has been read, and read again for GitHub's replicas. */
async function settle(): Promise<boolean> {
  const waits = (): boolean => service?.http.readiness().orgs.some(({ lag, queued }) => lag > 0 || queued > 0) ?? false;
  for (let quiet = 0; quiet < ECHO_MS; quiet = waits() ? 0 : quiet + 100) await sleep(100);
  return true;
}

const ECHO_MS = 7000;

const Request = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listen"), env: Environment }),
  z.object({ kind: z.literal("memory") }),
  z.object({ kind: z.literal("spent") }),
  z.object({ kind: z.literal("settle") }),
  z.object({ kind: z.literal("answer"), questions: Questions }),
]);

answerRequests((message) => {
  const request = Request.parse(message);
  if (request.kind === "listen") return listen(request.env);
  if (request.kind === "settle") return settle();
  if (request.kind === "answer") return outcomesFrom(service, request.questions);
  if (request.kind === "spent") {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
  return { heap: heapAfterGarbageCollection(), rss: process.memoryUsage.rss() };
});
