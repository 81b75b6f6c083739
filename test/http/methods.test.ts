import { expect, it } from "vitest";
import { ask, BASIC, listenThroughout } from "./helpers.ts";

const served = listenThroughout();

it.each([
  ["GET", "/authorize", "POST"],
  ["GET", "/introspect", "POST"],
  ["GET", "/access/v1/evaluation", "POST"],
  ["POST", "/pypicloud/verify", "GET"],
  ["POST", "/claims", "GET, HEAD"],
  ["GET", "/policy/check", "POST"],
  ["POST", "/_/oidc/audience", "GET, HEAD"],
  ["GET", "/_/oidc/mint-token", "POST"],
  ["GET", "/_/oidc/github/mint-token", "POST"],
  ["GET", "/_/oidc/burn-token", "POST"],
  ["GET", "/revoke", "POST"],
  ["POST", "/_/login", "GET, HEAD"],
  ["GET", "/_/login/mint-token", "POST"],
])("%s %s is answered with the methods that there are: %s", async (method, path, allow) => {
  const { status, headers } = await ask(served.port, path, { method, headers: BASIC });
  expect([status, headers["allow"]]).toStrictEqual([405, allow]);
});
