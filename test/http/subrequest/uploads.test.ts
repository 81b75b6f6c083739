import { request } from "node:http";
import { describe, expect, it } from "vitest";
import type { FormPart } from "../../index-paths/forms.ts";
import { encodeForm, field, file, FORM_TYPE, uploadParts } from "../../index-paths/forms.ts";
import { BOBS_TOKEN, during, LOST_TOKEN, SECRET, TOKEN } from "../helpers.ts";
import { ALICES, askThrough, basic } from "./asking.ts";

const GOOD = encodeForm(uploadParts());
const UPLOAD = ["POST", "/legacy/"] as const;
/** Where the file has begun and does not end. */
const CUT = GOOD.slice(0, GOOD.indexOf("PK") + 1);

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

type Proxy = Parameters<typeof askThrough>[1];

function upload(proxy: Proxy, { headers, body }: Sent, target = "/legacy/"): Promise<readonly unknown[]> {
  const sent = { "Content-Type": FORM_TYPE, "Content-Length": String(body.length), ...ALICES, ...headers };
  return during({}, async ({ port }) => {
    const reply = await askThrough(port, proxy, ["POST", target], { headers: sent, body: Buffer.from(body, "latin1") });
    return [reply.status, reply.headers["x-packgate-reason"], reply.headers["x-packgate-package"]];
  });
}

const form = (...parts: readonly FormPart[]): Sent => ({ body: encodeForm(parts) });
const behind = (...more: FormPart[]): Sent => form(...uploadParts(), ...more);

describe.each(["envoy", "traefik", "haproxy"] as const)("an upload that %s shows", (proxy) => {
  it.each([
    ["of a package of hers", { body: GOOD }, 200, "team", "acme-core"],
    ["of an sdist", form(...uploadParts("acme.core", "acme_core-1.0.tar.gz")), 200, "team", "acme-core"],
    ["of an archived package", form(...uploadParts("acme-old", "acme_old-1.0.zip")), 403, "archived", "acme-old"],
    ["of nobody's package", form(...uploadParts("acme-new", "acme_new-1.0.zip")), 403, "unclaimed", "acme-new"],
    [
      "named otherwise than its file",
      form(...uploadParts("acme-core", "acme_old-1.0.zip")),
      403,
      "bad-upload",
      undefined,
    ],
    ["with two names", form(field("name", "acme-old"), ...uploadParts()), 403, "bad-upload", undefined],
    ["with a second name behind", behind(field("name", "acme-old")), 403, "bad-upload", undefined],
    ["with a second file", behind(file("acme_old-1.0.zip")), 403, "bad-upload", undefined],
    ["that deletes", form(field(":action", "remove_pkg"), ...uploadParts().slice(1)), 403, "bad-upload", undefined],
    [
      "that is no form",
      { body: "name=acme-core", headers: { "Content-Type": "text/plain" } },
      403,
      "bad-upload",
      undefined,
    ],
    [
      "as another kind of form",
      { body: ":action=remove_pkg&name=acme-core", headers: { "Content-Type": "application/x-www-form-urlencoded" } },
      403,
      "bad-upload",
      undefined,
    ],
    [
      "with an odd boundary",
      { body: GOOD, headers: { "Content-Type": `${FORM_TYPE}; boundary=x` } },
      403,
      "bad-upload",
      undefined,
    ],
    ["packed", { body: GOOD, headers: { "Content-Encoding": "gzip" } }, 403, "bad-upload", undefined],
    [
      "of somebody who uploads nothing",
      { body: GOOD, headers: { Authorization: basic("bob", BOBS_TOKEN) } },
      403,
      "no-grant",
      undefined,
    ],
    [
      "of somebody nobody can identify",
      { body: GOOD, headers: { Authorization: basic("x", LOST_TOKEN) } },
      403,
      "unverifiable",
      undefined,
    ],
    ["of nobody", { body: GOOD, headers: { Authorization: "" } }, 401, "missing-credentials", undefined],
  ] as const)("%s", async (_, sent, status, reason, name) => {
    expect(await upload(proxy, sent)).toEqual([status, reason, name]);
  });

  it("is of the package that its address names", async () => {
    expect(await upload(proxy, { body: GOOD }, "/legacy/acme-core/")).toEqual([200, "team", "acme-core"]);
    expect(await upload(proxy, { body: GOOD }, "/legacy/acme-old/")).toEqual([403, "bad-upload", undefined]);
  });

  it("is judged by as much of it as comes", async () => {
    const refused = [403, "bad-upload", undefined];
    const cut = proxy === "traefik" ? refused : [200, "team", "acme-core"];
    expect(await upload(proxy, { body: CUT })).toEqual(cut);
    expect(await upload(proxy, { body: CUT.slice(0, 150) })).toEqual(refused);
    expect(await upload(proxy, { body: "" })).toEqual([200, "team", undefined]);
    expect(await upload(proxy, { body: "" }, "/legacy/acme-core/")).toEqual([200, "team", "acme-core"]);
  });
});

describe("an upload", () => {
  it("is whole when Envoy says so", async () => {
    const partial = (said: string): Sent => ({ body: CUT, headers: { "X-Envoy-Auth-Partial-Body": said } });
    expect(await upload("envoy", partial("true"))).toEqual([200, "team", "acme-core"]);
    expect(await upload("envoy", partial("false"))).toEqual([403, "bad-upload", undefined]);
  });

  it.each(["nginx", "caddy"] as const)("is not looked at where %s never shows any", async (proxy) => {
    const evil = encodeForm(uploadParts("acme-old", "acme_old-1.0.zip"));
    expect(await upload(proxy, { body: evil })).toEqual([200, "team", undefined]);
  });

  it("is read in pieces, and what is wrong is told before its end", async () => {
    await during({}, async ({ port }) => {
      const headers = { "X-Packgate-Key": SECRET, "Content-Type": FORM_TYPE, Authorization: basic("alice", TOKEN) };
      const options = { port, host: "127.0.0.1", path: "/authorize/envoy/", method: "POST", headers, agent: false };
      const send = (pieces: readonly string[], end: boolean): Promise<number | undefined> =>
        new Promise((resolve, reject) => {
          const sent = request(options, (response) => {
            response.resume();
            resolve(response.statusCode);
            sent.destroy();
          });
          sent.on("error", reject);
          for (const piece of pieces) sent.write(Buffer.from(piece, "latin1"));
          if (end) sent.end();
        });
      expect(await send(GOOD.match(/.{1,50}/gs) ?? [], true)).toBe(200);
      const endless = [GOOD.replace("PK", "x".repeat(300_000)), "more"];
      expect(await send(endless, false)).toBe(403);
    });
  });

  it("asks for nothing twice of a proxy that goes away", async () => {
    await during({}, async ({ port, service }) => {
      const headers = { "X-Packgate-Key": SECRET, "Content-Type": FORM_TYPE, ...ALICES, "Content-Length": "100000" };
      const options = { port, host: "127.0.0.1", path: "/authorize/envoy/", method: "POST", headers, agent: false };
      const sent = request(options);
      await new Promise<void>((resolve) => {
        sent.on("error", () => resolve());
        sent.write(CUT, () => sent.destroy(new Error("gone")));
      });
      expect((await askThrough(port, "envoy", UPLOAD)).status).toBe(200);
      expect(service.lines.filter((line) => line.startsWith("error"))).toEqual([]);
    });
  });
});
