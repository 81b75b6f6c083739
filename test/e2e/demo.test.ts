import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Running } from "./process.ts";
import { run, start, until } from "./process.ts";

/** The demo as README tells people to run it. */
describe("npm run demo", () => {
  it("tells its story once and ends well", async () => {
    const { code, output } = await run("npm", ["run", "demo", "--", "--once"]);
    expect(output).toContain("Every step came out right.");
    expect(output).not.toContain("WRONG");
    expect(code).toBe(0);
  });

  describe("without --once", () => {
    let demo: Running;

    beforeAll(async () => {
      demo = start("npm", ["run", "demo"]);
      await until("the demo stays up", () => linesToPaste(demo.output()).length > 0 || demo.output());
    });
    afterAll(() => demo.stop());

    it("stays up, and every line that it prints works as it is pasted", async () => {
      const lines = linesToPaste(demo.output());
      expect(lines.length).toBeGreaterThanOrEqual(5);
      const answers = await Promise.all(
        lines.map(async ({ line, status }) => {
          const { code, output } = await run("bash", ["-c", line]);
          return { line, status, code, answered: /^HTTP\/1\.1 (\d+)/.exec(output)?.[1] };
        }),
      );
      expect(answers).toEqual(lines.map(({ line, status }) => ({ line, status, code: 0, answered: status })));
    });

    it("prints what the examples want to know", async () => {
      const [settings = ""] = /^export PACKGATE_URL=.+$/m.exec(demo.output()) ?? [];
      const asked = `curl -sS -u "$LOGIN:$TOKEN" -H "X-Packgate-Key: $PACKGATE_KEY" -H "X-Original-URI: /simple/acme-core/"`;
      const { output } = await run("bash", [
        "-c",
        `${settings}\n${asked} -H "X-Original-Method: GET" "$PACKGATE_URL/authorize/nginx"`,
      ]);
      expect(output).toContain("bob may read acme-core");
    });
  });
});

/** The curl lines, each below a comment that ends in the status to expect. */
function linesToPaste(output: string): { line: string; status: string | undefined }[] {
  return [...output.matchAll(/^# .*→ HTTP (\d+)\n(curl .+)\n/gm)].map(([, status, line]) => ({
    line: line ?? "",
    status,
  }));
}
