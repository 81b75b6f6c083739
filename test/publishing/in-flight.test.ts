import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

let runs: AcmeRuns;
beforeAll(async () => {
  runs = await startAcmeRuns({ PACKGATE_PUBLIC_URL: "https://packgate.example" });
});
afterAll(() => runs.stop());

/** How many tokens have been found to be good. */
const checked = async (): Promise<number> => {
  const text = await (await fetch(`${runs.packgate.url}/metrics`)).text();
  return Number(/^packgate_token_checks_total\{result="active"\} (\d+)/m.exec(text)?.[1] ?? 0);
};

/** Ends a token once somebody has found that it is good. */
async function endOnce(token: string, before: number): Promise<void> {
  await expect.poll(checked, { timeout: 5000 }).toBeGreaterThan(before);
  const headers = { authorization: `Bearer ${INDEX_SECRET}` };
  const body = new URLSearchParams({ token });
  expect((await fetch(`${runs.packgate.url}/revoke`, { method: "POST", headers, body })).status).toBe(200);
}

const field = (name: string, value: string) =>
  `--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const FIELDS = [":action=file_upload", "protocol_version=1", "name=acme-core", "version=1.0", "filetype=sdist"];
const [HEAD = "", ...REST] = FIELDS.map((pair) => field(pair.split("=")[0] ?? "", pair.split("=")[1] ?? ""));
const FILE = `--xyz\r\nContent-Disposition: form-data; name="content"; filename="acme_core-1.0.tar.gz"\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--xyz--\r\n`;
const TAIL = `${REST.join("")}${FILE}`;

/** Sends an upload in two parts. @param between what happens after the first */
async function upload(token: string, between: () => Promise<void>) {
  const { port } = new URL(runs.packgate.url);
  const sending = request({
    port,
    host: "127.0.0.1",
    method: "POST",
    path: "/authorize/envoy/",
    headers: {
      "x-packgate-key": INDEX_SECRET,
      authorization: `Basic ${Buffer.from(`__token__:${token}`).toString("base64")}`,
      "content-type": "multipart/form-data; boundary=xyz",
      "content-length": HEAD.length + TAIL.length,
    },
  });
  const answered = new Promise((resolve, reject) => {
    sending.on("error", reject).on("response", (reply) => {
      reply.resume();
      resolve([reply.statusCode, reply.headers["x-packgate-reason"]]);
    });
  });
  sending.write(HEAD);
  await between();
  sending.end(TAIL);
  return answered;
}

it("a token that is revoked while an upload is being read uploads nothing", async () => {
  const [kept, token] = [await runs.minted(), await runs.minted()];
  expect(await upload(kept, () => Promise.resolve())).toStrictEqual([200, "workflow"]);
  const before = await checked();
  expect(await upload(token, () => endOnce(token, before))).toStrictEqual([401, "invalid-token"]);
});
