import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderOpenApi } from "../../src/http/contract/openapi.ts";
import { conformed, conforms } from "./conforms.ts";
import { ask, askAuthorize, listen } from "./helpers.ts";

describe("openapi.json", () => {
  it("is up to date; `npm run generate` writes it", () => {
    expect(readFileSync(new URL("../../openapi.json", import.meta.url), "utf8")).toBe(renderOpenApi());
  });

  it("is served, with the address by which the world reaches us", async () => {
    const info = { version: "1.2.3", issuer: "https://packgate.example", publicUrl: "https://packgate.example" };
    const { port, server } = await listen({ info });
    const { json } = await ask(port, "/openapi.json");
    expect(json).toMatchObject({ openapi: "3.1.0", servers: [{ url: "https://packgate.example" }] });
    server.close();
  });

  it("describes every path there is", async () => {
    const { port, server } = await listen();
    const { json } = await ask(port, "/openapi.json");
    expect(Object.keys(json["paths"] as object)).toEqual([
      "/authorize",
      "/introspect",
      "/api/github/webhooks",
      "/claims",
      "/roles",
      "/policy/check",
      "/who-can",
      "/what-can",
      "/_/oidc/audience",
      "/_/oidc/mint-token",
      "/_/oidc/github/mint-token",
      "/_/login",
      "/_/login/mint-token",
      "/_/oidc/burn-token",
      "/revoke",
      "/.well-known/oauth-authorization-server",
      "/authorize/nginx",
      "/authorize/caddy",
      "/authorize/traefik",
      "/authorize/haproxy",
      "/authorize/envoy/{path}",
      "/access/v1/evaluation",
      "/access/v1/evaluations",
      "/access/v1/search/subject",
      "/access/v1/search/resource",
      "/access/v1/search/action",
      "/.well-known/authzen-configuration",
      "/pypicloud/verify",
      "/pypicloud/groups",
      "/pypicloud/group_members",
      "/pypicloud/admin",
      "/pypicloud/group_permissions",
      "/pypicloud/user_permissions",
      "/pypicloud/user_package_permissions",
      "/pypicloud/group_package_permissions",
      "/pypicloud/user_data",
      "/healthz",
      "/readyz",
      "/metrics",
      "/openapi.json",
    ]);
    server.close();
  });

  it("is what every reply of these tests is compared with", async () => {
    const { port, server } = await listen();
    const before = conformed();
    await askAuthorize(port, { package: "acme-core", action: "upload", user: "alice", explain: true });
    expect(conformed()).toBe(before + 1);
    server.close();
    expect(() => conforms("POST", "/authorize", 200, "application/json", '{"decision":"maybe"}')).toThrow(
      /as described/,
    );
    expect(() => conforms("POST", "/authorize", 299, "application/json", "{}")).toThrow(/does not know/);
  });
});
