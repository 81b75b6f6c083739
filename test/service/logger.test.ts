import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createLogger } from "../../src/logger.ts";
import { prettyLog } from "../../src/pretty-log.ts";

function write(format: "json" | "pretty", level: string, use: (log: ReturnType<typeof createLogger>) => void): string {
  const destination = new PassThrough();
  use(createLogger({ level, destination: format === "json" ? destination : prettyLog(destination) }));
  return String(destination.read() ?? "");
}

const CANARY = "c4nary0secret";

describe("the log", () => {
  it("is JSON for machines, and says whose it is", () => {
    expect(JSON.parse(write("json", "info", (log) => log.info({ organization: "acme" }, "hello")))).toMatchObject({
      level: 30,
      name: "packgate",
      organization: "acme",
      msg: "hello",
    });
  });

  it("is a line for a person, without what nobody wants to read", () => {
    const line = write("pretty", "info", (log) => log.info("hello"));
    expect(line).toContain("hello");
    expect(line).not.toMatch(/pid|hostname|packgate/);
  });

  it("keeps to its level", () => {
    expect(write("json", "warn", (log) => log.info("not this"))).toBe("");
  });

  it.each([
    { authorization: CANARY },
    { request: { authorization: CANARY } },
    { request: { headers: { authorization: CANARY } } },
    { err: { request: { headers: { authorization: CANARY } } } },
    { token: CANARY },
    { identity: { token: CANARY } },
    { event: { payload: { secret: CANARY } } },
    { err: { event: { payload: CANARY } } },
  ])("says nothing of %j", (fields) => {
    const line = write("json", "info", (log) => log.info(fields, "hello"));
    expect(line).toContain("[redacted]");
    expect(line).not.toContain(CANARY);
  });
});
