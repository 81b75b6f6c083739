import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { request } from "node:http";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { INDEX_SECRET } from "../helpers/packgate.ts";
import { debianEnvironment } from "./debian.ts";
import type { Credentials } from "./index.ts";
import type { Running } from "./process.ts";
import { freePort, ROOT, start, until } from "./process.ts";
import { cleanEnvironment, DEVPI, emptyFolder, VENV } from "./tools.ts";

/** An example that runs: a proxy, and perhaps an index of its own behind it. */
export interface Proxied extends Running {
  /** Where people reach the index. */
  readonly url: string;
  /** Where the index itself is, which nobody but the proxy may reach: HOST:PORT. */
  readonly index: string;
  /** What a static index holds, and an own pypiserver keeps. */
  readonly packages: string;
}

/**
 * Starts an example as its README says, and waits for it.
 *
 * @param more settings of it
 * @param page what answers 401 as soon as it runs
 */
export async function startExample(
  name: string,
  packgateUrl: string,
  more: Readonly<Record<string, string>> = {},
  page = "/simple/",
): Promise<Proxied> {
  const example = await runExample(name, packgateUrl, more);
  const look = async (): Promise<true | string> => {
    const statuses = await Promise.all([statusOf(example.url + page), statusOf(`http://${example.index}/`)]);
    return (statuses[0] === 401 && statuses[1] !== 0) || `${statuses.join(" ")}\n${example.output().slice(-2000)}`;
  };
  // devpi takes its time to make itself a folder.
  await until(`${name} answers`, look, 90_000);
  return example;
}

/** @returns an example that has only just been started */
export async function runExample(
  name: string,
  packgateUrl: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Proxied & { readonly folder: string }> {
  const [port, filesPort, run] = [await freePort(), await freePort(), emptyFolder()];
  const settings = { PORT: String(port), FILES_PORT: String(filesPort), RUN: run, PACKAGES: join(run, "packages") };
  mkdirSync(settings.PACKAGES);
  const programs = { TRAEFIK: join(VENV, "bin/traefik"), ENVOY: join(VENV, "bin/envoy"), ...debianEnvironment() };
  const env = {
    ...cleanEnvironment(),
    ...programs,
    VENV: name === "devpi" ? DEVPI : VENV,
    PACKGATE_URL: packgateUrl,
    PACKGATE_KEY: INDEX_SECRET,
  };
  const running = start("sh", [join(ROOT, "examples", name, "run.sh")], {
    cwd: run,
    env: { ...env, PYTHONDONTWRITEBYTECODE: "1", ...settings, ...more },
  });
  const index = more["INDEX"] ?? `127.0.0.1:${filesPort}`;
  return { ...running, url: `http://127.0.0.1:${port}`, index, packages: settings.PACKAGES, folder: run };
}

/** 0 while nobody listens. */
function statusOf(url: string): Promise<number> {
  return fetch(url, { headers: { connection: "close" } }).then(
    ({ status }) => status,
    () => 0,
  );
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Knock {
  readonly method?: string;
  readonly who?: Credentials;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** One request, byte for byte as it is given: nothing tidies the path. */
export function knock(url: string, path: string, { method = "GET", who, headers, body }: Knock = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const authorization = who && `Basic ${Buffer.from(`${who.login}:${who.token}`).toString("base64")}`;
  const sent = { ...(authorization !== undefined && { authorization }), ...headers };
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: sent, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("latin1"),
        }),
      );
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : Buffer.from(body, "latin1"));
  });
}
