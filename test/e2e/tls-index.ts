import { readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import type { Address, Index } from "./index.ts";
import { until } from "./process.ts";
import { runExample } from "./proxies.ts";

export interface TlsIndex extends Index, Required<Address> {
  /** Takes away what it holds. */
  readonly empty: () => void;
}

/** examples/nginx-tls, started as its README says: nginx with a certificate of its own, and pypiserver behind it. */
export async function startTlsIndex(packgateUrl: string): Promise<TlsIndex> {
  const example = await runExample("nginx-tls", packgateUrl);
  const { port } = new URL(example.url);
  const [url, ca] = [`https://localhost:${port}`, join(example.folder, "ca.pem")];
  await until("nginx and pypiserver answer", async () => {
    const status = await statusOf(`${url}/`, ca).catch(String);
    return status === 403 || `${status}\n${example.output()}`;
  });
  const trust = { SSL_CERT_FILE: ca, REQUESTS_CA_BUNDLE: ca, CURL_CA_BUNDLE: ca, PIP_CERT: ca };
  const files = (): string[] => readdirSync(example.packages).toSorted();
  return {
    ...example,
    url,
    env: trust,
    files,
    empty: () => {
      for (const file of files()) rmSync(join(example.packages, file));
    },
  };
}

async function statusOf(url: string, authority: string): Promise<number | undefined> {
  const ca = await readFile(authority, "utf8");
  return new Promise((resolve, reject) => {
    get(url, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}
