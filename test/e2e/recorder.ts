import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { freePort } from "./process.ts";

/** A request, and what came of it. */
export interface Recorded {
  /** Such as `GET /_/oidc/audience`. */
  readonly asked: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

/** Stands before a server, hands everything on as it is, and remembers it. */
export interface Recorder {
  readonly url: string;
  /** What there was since this was last asked, in the order in which it was answered. */
  readonly take: () => Recorded[];
  readonly close: () => Promise<void>;
}

export async function startRecorder(target: string): Promise<Recorder> {
  let recorded: Recorded[] = [];
  const { hostname, port } = new URL(target);

  const handOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url: path = "", headers } = request;
    const body = await text(request);
    const passed = httpRequest({ hostname, port, method, path, headers, agent: false }).end(body);
    const [reply]: IncomingMessage[] = await once(passed, "response");
    const { statusCode: status = 0, headers: replied = {} } = reply ?? {};
    const answer = reply === undefined ? "" : await text(reply);
    recorded.push({ asked: `${method} ${path}`, body, status, answer });
    response.writeHead(status, replied).end(answer);
  };
  const server = createServer((request, response) => {
    // Whoever cannot be handed on sees a connection that breaks, as from a server that is gone.
    handOn(request, response).catch(() => response.destroy());
  }).listen(await freePort(), "127.0.0.1");
  await once(server, "listening");
  const address = server.address();

  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    take: () => {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
