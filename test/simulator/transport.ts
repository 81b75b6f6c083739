import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Answer } from "./api.ts";
import type { ApiRequest, Reply } from "./rest/route.ts";

/** The API as a `fetch` in this process, and over HTTP; either way under GitHub's and under GHES's paths. */

type Api = (request: ApiRequest) => Promise<Answer>;
const bodiless = new Set([204, 304]);

export function createFetch(api: Api): typeof fetch {
  return async (input, init) => {
    let request = new Request(input, init);
    const body = await request.text();
    for (let redirects = 0; redirects < 5; redirects += 1) {
      request.signal.throwIfAborted();
      const url = new URL(request.url);
      const answer = await Promise.race([
        api(apiRequest(url, request.method, request.headers, body, url.origin)),
        aborted(request.signal),
      ]);
      const reply = answer === "never" ? await aborted(request.signal) : answer;
      const location = reply.headers?.["location"];
      if (reply.status !== 301 || location === undefined || request.redirect === "manual") return response(reply);
      const { method, headers, signal } = request;
      request = new Request(location, { method, headers, signal });
    }
    throw new TypeError("fetch failed", { cause: new Error("redirect count exceeded") });
  };
}

function response(reply: Reply): Response {
  const body = bodiless.has(reply.status) ? null : bodyOf(reply);
  return new Response(body, { status: reply.status, headers: headersOf(reply) });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

export async function listen(api: Api, port: number): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    // an unreachable GitHub is a connection that breaks
    serve(api, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${bound}`, close };
}

async function serve(api: Api, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await text(incoming);
  const origin = `http://${incoming.headers.host ?? "127.0.0.1"}`;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === "string") headers.set(name, value);
  const url = new URL(incoming.url ?? "/", origin);
  const answer = await api(apiRequest(url, incoming.method ?? "GET", headers, body, origin));
  if (answer === "never") return;
  outgoing.writeHead(answer.status, headersOf(answer));
  outgoing.end(bodiless.has(answer.status) ? undefined : bodyOf(answer));
}

function apiRequest(url: URL, method: string, headers: Headers, body: string, origin: string): ApiRequest {
  const enterprise = url.pathname.startsWith("/api/v3/");
  const path =
    url.pathname === "/api/graphql" ? "/graphql" : enterprise ? url.pathname.slice("/api/v3".length) : url.pathname;
  return { method, path, query: url.searchParams, headers, body, base: enterprise ? `${origin}/api/v3` : origin };
}

function bodyOf(reply: Reply): string {
  return reply.text ?? JSON.stringify(reply.body);
}

function headersOf(reply: Reply): Record<string, string> {
  return { "content-type": "application/json; charset=utf-8", ...reply.headers };
}
