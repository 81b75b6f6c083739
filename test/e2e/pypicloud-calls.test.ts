import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Credentials } from "./index.ts";
import { freePort, ROOT, run } from "./process.ts";
import { startPypicloud } from "./pypicloud.ts";
import { cleanEnvironment, PYPICLOUD } from "./tools.ts";

/**
 * A Packgate that knows alice, and takes its time.
 *
 * @param waits by path: for how many milliseconds, and each time
 * @param verified for how many calls her token is good
 */
async function startSlow(waits: Readonly<Record<string, number>>, verified = Infinity) {
  const asked: string[] = [];
  const answers: Readonly<Record<string, () => unknown>> = {
    verify: () => asked.filter((name) => name === "verify").length <= verified,
    admin: () => false,
    user_permissions: () => ({ alice: ["read"] }),
  };
  const server = createServer((request, response) => {
    const name = /^\/pypicloud\/(\w+)/.exec(request.url ?? "")?.[1] ?? "";
    asked.push(name);
    setTimeout(() => response.end(JSON.stringify(answers[name]?.() ?? {})), waits[name] ?? 0);
  }).listen(await freePort(), "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const close = async (): Promise<void> => {
    server.close().closeAllConnections();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, asked, close };
}

describe("while Packgate is slow, which forgets after ten seconds what token somebody showed", () => {
  const alice: Credentials = { login: "alice", token: "ghp_x" };

  it.each([
    ["shows the token again before it asks what turns on it", Infinity, 404, ["verify", "user_permissions"]],
    ["asks no more about somebody whose token has ended", 1, 401, ["verify"]],
  ] as const)("%s", async (_, verified, expected, after) => {
    const packgate = await startSlow({ admin: 1_100 }, verified);
    const index = await startPypicloud(packgate.url);
    try {
      // Who may read it finds that there is none.
      expect((await index.request("/simple/acme-core/", alice)).status).toBe(expected);
      const first = packgate.asked.indexOf("admin") + 1;
      expect(packgate.asked.slice(first, first + 2)).toEqual(after);
    } finally {
      await Promise.all([index.stop(), packgate.close()]);
    }
  });

  it.each([
    ["waits as long as Packgate may wait for GitHub", 5_200, 200],
    ["believes no answer that comes too late", 7_000, 500],
  ])("%s", async (_, wait, expected) => {
    const packgate = await startSlow({ user_permissions: wait });
    const index = await startPypicloud(packgate.url);
    try {
      expect((await index.request("/api/package/acme-core/", alice)).status).toBe(expected);
    } finally {
      await Promise.all([index.stop(), packgate.close()]);
    }
  });
});

/** Looks at fifty packages that 5,000 people may read, in one request, and says how much more memory that took than one. */
const MEMORY = `
import tracemalloc
import checked

class Anybody:
    authenticated_userid = None
    method = "GET"

class Packgate:
    def get(self, url, **more):
        self.url = url
        return self
    def raise_for_status(self):
        pass
    def json(self):
        return {f"person-{n}": ["read"] for n in range(5_000)} if "user_permissions" in self.url else {}

checked.requests.Session = Packgate
access = checked.ExplainedAccess(Anybody(), settings={}, server="", default_read=[], default_write=[])
tracemalloc.start()
access.has_permission("acme-core", "read")
_, one = tracemalloc.get_traced_memory()
for n in range(50):
    access.has_permission(f"acme-{n}", "read")
_, many = tracemalloc.get_traced_memory()
print(many / one)
`;

it("keeps no map of everybody who may read a package once it has looked", async () => {
  const [cwd, env] = [join(ROOT, "examples/pypicloud"), { ...cleanEnvironment(), PYTHONDONTWRITEBYTECODE: "1" }];
  const { code, output } = await run(join(PYPICLOUD, "bin/python"), ["-c", MEMORY], { cwd, env });
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^[0-9.]+\n$/) });
  expect(Number(output)).toBeLessThan(3);
});
