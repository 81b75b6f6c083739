import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

import { afterEach } from "vitest";

export interface Canned {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, a string as it is; `undefined`: never answered. */
  readonly body: unknown;
}

export interface Asked {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

const running = new Set<() => void>();
afterEach(() => {
  for (const stop of running) stop();
  running.clear();
});

/** A real HTTP server that gives one answer to everything, and remembers what it was asked. */
export async function serve(canned: Canned): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void record(request).then((question) => {
      asked.push(question);
      if (canned.body === undefined) return undefined;
      const body = typeof canned.body === "string" ? canned.body : JSON.stringify(canned.body);
      return response
        .writeHead(canned.status ?? 200, { "content-type": canned.type ?? "application/json", ...canned.headers })
        .end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.add(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("not listening");
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

async function record(request: IncomingMessage): Promise<Asked> {
  const body = await text(request);
  return {
    line: `${request.method} ${request.url}`,
    authorization: request.headers.authorization,
    body: body === "" ? undefined : JSON.parse(body),
  };
}
