import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { afterCohort, createCohorts } from "../../src/http/cohorts.ts";
import { MAX_BODY_BYTES } from "../../src/http/body.ts";
import { listen, SECRET, TOKEN } from "./helpers.ts";
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

describe("what arrives together on one connection", () => {
  const headers = [
    "Host: x",
    `X-Packgate-Key: ${SECRET}`,
    "X-Original-Method: GET",
    "X-Original-URI: /simple/acme-core/",
    `Authorization: Basic ${Buffer.from(`alice:${TOKEN}`).toString("base64")}`,
  ];
  const good = `GET /authorize/nginx HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`;
  const tooLarge = `POST /authorize HTTP/1.1\r\n${headers.join("\r\n")}\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`;

  it.each([
    ["no HTTP at all", "nonsense\r\n\r\n", 400],
    ["a body that announces itself as too large", tooLarge, 413],
    ["no Host", "GET /authorize/nginx HTTP/1.1\r\n\r\n", 400],
    ["a path that nobody knows", "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404],
  ])("is answered in its order, also when the last is %s", async (_, last, status) => {
    const { port, server } = await listen();
    const { statuses } = await sendRaw(port, good + last, 2);
    expect(statuses).toEqual([200, status]);
    server.close();
  });

  it("is refused once, however much of what is malformed follows", async () => {
    const { port, server } = await listen();
    const { statuses, closed } = await sendRaw(port, good + "nonsense\r\n\r\n".repeat(20_000), 2);
    expect([statuses, closed]).toEqual([[200, 400], true]);
    server.close();
  });
});
