import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "./terminal.ts";

const readExample = (path: string): string => readFileSync(new URL(`../../examples/${path}`, import.meta.url), "utf8");
const env = { PACKGATE_URL: "https://packgate.acme.example/", PACKGATE_KEY: "c4nary0000secret0000never0000printed" };
const recipe = (...args: readonly string[]) => run(["recipe", ...args], { env }, { readExample });

describe("packgate recipe", () => {
  it.each([
    ["nginx", "proxy_pass https://packgate.acme.example/authorize/nginx;"],
    ["caddy", "forward_auth https://packgate.acme.example {"],
    ["traefik", 'address: "https://packgate.acme.example/authorize/traefik"'],
    ["haproxy", 'setenv PACKGATE_URL "https://packgate.acme.example"'],
    ["devpi", "proxy_pass https://packgate.acme.example/authorize/nginx;"],
    ["pulp", "AUTHENTICATION_JSON_HEADER ="],
  ])("prints the example of %s, filled in for where this Packgate is", async (name, line) => {
    const { code, out, err } = await recipe(name, "--index=pypi.internal:4000", "--port=443");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(line);
    expect(out).not.toMatch(/@[A-Z_]+@/);
    expect(out).toContain("YOUR-SECRET-OF-AN-INDEX-CLIENT");
    expect(out).toContain("pypi.internal");
    expect(out).toContain("443");
  });

  it.each([
    [
      "pypicloud",
      ["auth.backend_server = https://packgate.acme.example/pypicloud", "pypi.auth = checked.ExplainedAccess"],
    ],
    ["pypiserver", ["PACKGATE_URL=https://packgate.acme.example\n", "PORT=443"]],
  ])("prints what %s is to be told, and its files", async (name, lines) => {
    const { code, out } = await recipe(name, "--port=443");
    expect(code).toBe(0);
    for (const line of lines) expect(out).toContain(line);
    expect(out).toContain(`# examples/${name}/`);
    expect(out).toContain("YOUR-SECRET-OF-AN-INDEX-CLIENT");
  });

  it("prints every file of pypiserver's that another one imports", async () => {
    const { out } = await recipe("pypiserver");
    const imported = [...out.matchAll(/^from (\w+) import/gm)].map(([, module = ""]) => module);
    const ours = imported.filter((module) =>
      existsSync(new URL(`../../examples/pypiserver/${module}.py`, import.meta.url)),
    );
    expect(ours).toContain("upload");
    for (const module of ours) expect(out).toContain(`# examples/pypiserver/${module}.py\n`);
  });

  it.each(["https://packgate.acme.example", "http://127.0.0.1:3000/below"])(
    "does not send secrets in the clear to %s because Envoy was told an address alone",
    async (url) => {
      const { code, err } = await run(["recipe", "envoy"], { env: { PACKGATE_URL: url } }, { readExample });
      expect([code, err]).toEqual([2, expect.stringContaining("set PACKGATE_URL to where that listens")]);
    },
  );

  it("prints what trusted publishing needs, as its page shows it", async () => {
    const { code, out } = await run(
      ["recipe", "nginx-tls", "--index=pypi.internal:4000"],
      { env: {} },
      { readExample },
    );
    expect(code).toBe(0);
    expect(out).toContain("listen 127.0.0.1:8080 ssl;");
    expect(out).toContain("proxy_pass http://pypi.internal:4000;");
    const page = readFileSync(new URL("../../docs/trusted-publishing.md", import.meta.url), "utf8");
    const [, shown = ""] = /^```nginx\n(.+?)^```$/ms.exec(page) ?? [];
    expect(shown).toContain("location /_/ {");
    expect(out.replaceAll(/^ +/gm, "")).toContain(shown.replaceAll(/^ +/gm, ""));
  });

  it("names the files, so that each can be put in its place", async () => {
    const { out } = await recipe("haproxy");
    expect(out).toMatch(/^# examples\/haproxy-pypiserver\/haproxy\.cfg\n/);
    expect(out).toContain("\n-- examples/haproxy-pypiserver/packgate.lua\n");
    expect(out).toContain("bind 127.0.0.1:8080");
    expect(out).toContain("server index 127.0.0.1:8081");
  });

  it("takes the local Packgate where none is named", async () => {
    const { out } = await run(["recipe", "envoy"], { env: {} }, { readExample });
    expect(out).toContain('address: "127.0.0.1", port_value: "3000"');
    const plain = await run(["recipe", "envoy"], { env: { PACKGATE_URL: "http://127.0.0.1" } }, { readExample });
    expect(plain.out).toContain('address: "127.0.0.1", port_value: "80"');
  });

  it("lists what there is", async () => {
    const { code, out } = await recipe("list");
    expect(code).toBe(0);
    const names = out
      .trim()
      .split("\n")
      .map((line) => line.trim().split(" ")[0]);
    expect(names).toEqual([
      "nginx",
      "caddy",
      "traefik",
      "haproxy",
      "envoy",
      "pypicloud",
      "pypiserver",
      "devpi",
      "pulp",
      "nginx-tls",
    ]);
    expect((await recipe("--help")).out).toContain(out.trimEnd());
  });

  it.each([
    [["ngnix"], "did you mean nginx?"],
    [["artifactory"], "one of nginx, caddy"],
    [["nginx", "--index=nowhere"], "--index as HOST:PORT"],
    [["nginx", "--index=a;b:1"], "--index as HOST:PORT"],
    [["nginx", "--port=http"], "--port as a number"],
    [[], "needs INDEX"],
  ])("says what is wrong with %j", async (args, sentence) => {
    const { code, out, err } = await recipe(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(sentence);
  });
});
