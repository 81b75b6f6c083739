import { join } from "node:path";
import { environmentFor, INDEX_SECRET } from "../helpers/packgate.ts";
import type { Simulator } from "../simulator/index.ts";
import type { Running } from "./process.ts";
import { freePort, ROOT, run, start, until } from "./process.ts";
import { cleanEnvironment, emptyFolder } from "./tools.ts";

/** The built program, as somebody who installed it would run it. */
export const MAIN = join(ROOT, "dist/main.js");

export interface Server extends Running {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ask: (question: Readonly<Record<string, unknown>>) => Promise<{ status: number; body: unknown }>;
  /** What an index asks, at any path. Rejects when the answer is no JSON. */
  readonly post: (path: string, body: unknown) => Promise<unknown>;
}

/** The environment of a Packgate on this simulated GitHub. */
export async function serverEnvironment(github: Simulator, apiUrl: string): Promise<Record<string, string>> {
  return {
    ...cleanEnvironment(),
    ...environmentFor(github),
    GITHUB_API_URL: apiUrl,
    PORT: String(await freePort()),
  };
}

/** `packgate serve`, not yet ready. */
export function serve(env: Readonly<Record<string, string>>): Server {
  const url = `http://127.0.0.1:${env["PORT"] ?? ""}`;
  const send = (path: string, body: unknown): Promise<Response> =>
    fetch(url + path, {
      method: "POST",
      headers: { "x-packgate-key": INDEX_SECRET, "content-type": "application/json", connection: "close" },
      body: JSON.stringify(body),
    });
  const ask: Server["ask"] = async (question) => {
    const response = await send("/authorize", question);
    return { status: response.status, body: await response.json() };
  };
  const post: Server["post"] = async (path, body) => (await send(path, body)).json();
  // An empty folder: no .env of ours may help.
  return { ...start(process.execPath, [MAIN, "serve"], { cwd: emptyFolder(), env }), url, env, ask, post };
}

/** Resolves once decisions are served. */
export async function ready(server: Server): Promise<void> {
  await until("Packgate is ready", async () => {
    try {
      const { status } = await fetch(`${server.url}/readyz`, { headers: { connection: "close" } });
      return status === 200 ? true : `${status}\n${server.output()}`;
    } catch {
      return server.output();
    }
  });
}

/** `packgate VERB …` asking that server. */
export function cli(
  server: Pick<Server, "url">,
  ...args: readonly string[]
): Promise<{ code: number; output: string }> {
  const env = { ...cleanEnvironment(), PACKGATE_URL: server.url, PACKGATE_KEY: INDEX_SECRET };
  return run(process.execPath, [MAIN, ...args], { cwd: emptyFolder(), env });
}
