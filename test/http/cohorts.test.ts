import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { afterCohort, createCohorts } from "../../src/http/cohorts.ts";
import { MAX_BODY_BYTES } from "../../src/http/body.ts";
import type { VerifyToken } from "../../src/http/service.ts";
import { ALICE } from "./acme.ts";
import { identityOf, listen, pause, SECRET, TOKEN } from "./helpers.ts";
import { sendRaw } from "./raw.ts";

describe("a cohort", () => {
  it("is handled in the order of arrival, then what it left is done, and what comes meanwhile is the next one", async () => {
    const inCohort = createCohorts();
    const heard: string[] = [];
    const arrive = (name: string, more = (): void => undefined): void =>
      inCohort(() => {
        heard.push(`handled ${name}`);
        afterCohort((one) => heard.push(`wrote ${one}`), name);
        more();
      });
    arrive("a");
    arrive("b", () => arrive("d"));
    await Promise.resolve();
    arrive("c");
    expect(heard).toEqual([]);
    await setImmediate();
    const first = ["handled a", "handled b", "handled c", "wrote a", "wrote b", "wrote c"];
    expect(heard).toEqual(first);
    await setImmediate();
    expect(heard).toEqual([...first, "handled d", "wrote d"]);
  });
});

const PATIENT_TOKEN = "ghp_ofSomebodyWhoHasToWait0000000000000";
const basic = (token: string): string => Buffer.from(`alice:${token}`).toString("base64");

/** GitHub has to be asked about one of them. */
const verifyToken: VerifyToken = (token) => {
  const check = { status: "active", identity: identityOf(ALICE, "alice") } as const;
  return token === PATIENT_TOKEN ? pause(20).then(() => check) : check;
};

describe("what arrives together on one connection", () => {
  const headers = [
    "Host: x",
    `X-Packgate-Key: ${SECRET}`,
    "X-Original-Method: GET",
    "X-Original-URI: /simple/acme-core/",
    `Authorization: Basic ${basic(TOKEN)}`,
  ];
  const good = `GET /authorize/nginx HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`;
  const tooLarge = `POST /authorize HTTP/1.1\r\n${headers.join("\r\n")}\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`;

  const patient = good.replace(basic(TOKEN), basic(PATIENT_TOKEN));
  const body = JSON.stringify({ package: "acme-core", action: "upload", token: TOKEN });
  const post = `POST /authorize HTTP/1.1\r\n${headers.slice(0, 2).join("\r\n")}\r\nContent-Length: ${body.length}\r\n\r\n`;

  describe.each([
    ["one request", good, [200]],
    ["several", good.repeat(3), [200, 200, 200]],
    ["several with bodies", (post + body).repeat(2), [200, 200]],
    ["one that has to wait", patient, [200]],
    ["several of which the first has to wait", patient + good + post + body, [200, 200, 200]],
  ])("%s", (_, before, answered) => {
    it.each([
      ["no HTTP at all", "nonsense\r\n\r\n", 400],
      ["a body that announces itself as too large", tooLarge, 413],
      ["a body that breaks off", `${post}{`, 408],
      ["no Host", "GET /authorize/nginx HTTP/1.1\r\n\r\n", 400],
      ["a path that nobody knows", "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404],
    ])("is answered in its order, also when what follows is %s", async (__, last, status) => {
      const { port, server } = await listen(
        { verifyToken },
        { headersTimeout: 300, requestTimeout: 400, connectionsCheckingInterval: 50 },
      );
      const { statuses } = await sendRaw(port, before + last, answered.length + 1);
      expect(statuses).toEqual([...answered, status]);
      server.close();
    });
  });

  it("is refused once, however much of what is malformed follows", async () => {
    const { port, server } = await listen({ verifyToken });
    // Nobody reads the body of the first, so Node does when it is answered.
    const first = patient.replace("\r\n\r\n", "\r\nContent-Length: 4\r\n\r\nbody");
    const { statuses, closed } = await sendRaw(port, first + good + "nonsense\r\n\r\n".repeat(20_000), 3);
    expect([statuses, closed]).toEqual([[200, 200, 400], true]);
    server.close();
  });

  it("is not followed by anything after it has said that nothing follows", async () => {
    const { port, server } = await listen();
    const { statuses, closed } = await sendRaw(port, good.replace("\r\n", "\r\nConnection: close\r\n") + good, 2);
    expect([statuses, closed]).toEqual([[200], true]);
    server.close();
  });
});
