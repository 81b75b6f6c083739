import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";

import { errorCode, Failure } from "../failure.ts";
import { messagePage, pageHeaders } from "./page.ts";

/** The browser's side of the setup: a page that leads to GitHub, and the address that GitHub leads back to. */
export interface Visit<T> {
  readonly port: number;
  /** GitHub's origin, as `https://github.com`. */
  readonly github: string;
  /** Unguessable; GitHub repeats it, which proves that the browser comes from our page. */
  readonly state: string;
  /** Unguessable path of our page: whoever else is on this machine can reach the port, too. */
  readonly secretPath: string;
  /** @param callbackUrl where GitHub shall send the browser */
  readonly page: (callbackUrl: string) => string;
  /** Called when people can come. */
  readonly opened: (pageUrl: string) => void;
  /** Takes the code, once. What it rejects with ends the visit. */
  readonly accept: (code: string) => Promise<T>;
}

interface Answer {
  readonly status: number;
  readonly html: string;
  /** What happens when the browser has the page. */
  readonly afterwards?: () => void;
}

const LOOPBACK = "127.0.0.1";

/** Serves on the loopback interface until GitHub has sent the browser back with a code, and that was accepted. */
export async function receiveVisit<T>(visit: Visit<T>): Promise<T> {
  const server = createServer();
  const origin = await listen(server, visit.port);
  const { host, port } = new URL(origin);
  const hosts = new Set([host, `localhost:${port}`]);
  try {
    return await new Promise<T>((resolve, reject) => {
      const answer = visitor(visit, origin, resolve, reject);
      server.on("request", (request, response) => {
        // A foreign name that resolves to this machine (DNS rebinding) would make us part of its site.
        const reply = hosts.has(request.headers.host ?? "") ? answer(request) : Promise.resolve(FOREIGN);
        void reply.then(({ status, html, afterwards }) => {
          if (afterwards !== undefined) response.once("close", afterwards);
          return response.writeHead(status, pageHeaders(visit.github)).end(html);
        });
      });
      visit.opened(`${origin}/${visit.secretPath}`);
    });
  } finally {
    server.close();
    // Browsers open connections in advance, and those would keep the process alive.
    server.closeAllConnections();
  }
}

function visitor<T>(
  { secretPath, state, page, accept }: Visit<T>,
  origin: string,
  resolve: (result: T) => void,
  reject: (error: unknown) => void,
): (request: IncomingMessage) => Promise<Answer> {
  let used = false;
  return async ({ method, url = "" }) => {
    if (method !== "GET") return METHOD;
    const [path = "", query = ""] = url.split("?", 2);
    if (same(path, `/${secretPath}`)) return { status: 200, html: page(`${origin}/callback`) };
    if (path !== "/callback") return NOT_FOUND;
    const parameters = new URLSearchParams(query);
    if (!same(parameters.get("state") ?? "", state)) return WRONG_STATE;
    const code = parameters.get("code") ?? "";
    if (!/^[\w-]{1,255}$/.test(code)) return NO_CODE;
    if (used) return USED;
    used = true;
    try {
      const result = await accept(code);
      return { ...DONE, afterwards: () => resolve(result) };
    } catch (error) {
      return { ...FAILED, afterwards: () => reject(error) };
    }
  };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const code = errorCode(error) ?? "unknown reason";
      reject(new Failure(`cannot listen on ${LOOPBACK}:${port} (${code}); choose another port with --port`));
    });
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.address();
  return `http://${LOOPBACK}:${typeof address === "object" && address !== null ? address.port : port}`;
}

/** Compares in constant time, whatever the lengths. */
function same(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

const AGAIN = "Start again at the address that packgate setup printed.";
const FOREIGN = say(421, "Wrong host", `This server answers to its own address only. ${AGAIN}`);
const METHOD = say(405, "Wrong method", AGAIN);
const NOT_FOUND = say(404, "Nothing here", AGAIN);
const WRONG_STATE = say(403, "Not our request", `This visit did not begin on our page, so it is ignored. ${AGAIN}`);
const NO_CODE = say(400, "No code", `GitHub sent no code. ${AGAIN}`);
const USED = say(409, "Used already", "The code was taken; see the terminal.");
const DONE = say(200, "Packgate is registered", "You can close this page; the terminal says what comes next.");
const FAILED = say(502, "That did not work", "The terminal says why.");

function say(status: number, title: string, sentence: string): Answer {
  return { status, html: messagePage(title, sentence) };
}
