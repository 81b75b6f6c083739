import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { INDEX_SECRET } from "../helpers/packgate.ts";
import type { Credentials, Index } from "./index.ts";
import { freePort, ROOT, start, until } from "./process.ts";
import { cleanEnvironment, emptyFolder, PYPICLOUD } from "./tools.ts";

export interface Pypicloud extends Index {
  /** A request as anybody's: status, the sentence beside it, body, and the cookie that comes with it. */
  readonly request: (
    path: string,
    who?: Credentials,
    options?: { readonly method?: string; readonly body?: FormData | URLSearchParams; readonly cookie?: string },
  ) => Promise<{ readonly status: number; readonly line: string; readonly text: string; readonly cookie: string }>;
  /** Puts a file where pypicloud stores files; the index knows of it once it is rebuilt. */
  readonly store: (name: string, version: string) => void;
}

/** The example index, started as its README says. @param settings beside those of server.ini, as environment variables */
export async function startPypicloud(
  packgateUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Pypicloud> {
  const [port, data] = [await freePort(), emptyFolder()];
  const url = `http://127.0.0.1:${port}`;
  const env = { ...cleanEnvironment(), PACKGATE_URL: packgateUrl, PACKGATE_KEY: INDEX_SECRET };
  const index = start("sh", [join(ROOT, "examples/pypicloud/run.sh")], {
    env: { ...env, ...settings, VENV: PYPICLOUD, DATA: data, PORT: String(port), PYTHONDONTWRITEBYTECODE: "1" },
  });
  const packages = join(data, "packages");
  await until("pypicloud answers", () =>
    fetch(`${url}/health`).then(
      ({ status }) => status === 200 || status,
      () => index.output(),
    ),
  );
  return {
    ...index,
    url,
    files: () =>
      readdirSync(packages, { recursive: true, encoding: "utf8" }).filter((file) => /\.(?:whl|tar\.gz)$/.test(file)),
    request: async (path, who, { cookie, ...options } = {}) => {
      const basic = who && Buffer.from(`${who.login}:${who.token}`).toString("base64");
      const headers = { ...(basic && { authorization: `Basic ${basic}` }), ...(cookie && { cookie }) };
      const response = await fetch(`${url}${path}`, { ...options, headers, redirect: "manual" });
      const [given = ""] = response.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
      return { status: response.status, line: response.statusText, text: await response.text(), cookie: given };
    },
    store: (name, version) => {
      const folder = join(packages, name, version);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name.replaceAll("-", "_")}-${version}.tar.gz`), "");
    },
  };
}
