import { hash } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createBreaker } from "../../src/github/identity/breaker.ts";
import { createFailureBudget } from "../../src/github/identity/failure-budget.ts";
import { createTokenVerifier } from "../../src/github/identity/verify-token.ts";
import { createHttpServer } from "../../src/http/server.ts";
import type { HttpService } from "../../src/http/service.ts";
import { servedOrganization } from "../http/service.ts";
import { answerRequests } from "../worker.ts";
import { ServerRequest } from "./messages.ts";
import { FLOODED, FLOODED_SECRET } from "./requests.ts";

/** About what GitHub takes to say that it does not know a token. */
const GITHUB_TAKES_MS = 100;
let asked = 0;

/** The served organization, with a second index client whose tokens are checked as strangers' are. */
async function flooded(): Promise<HttpService> {
  const service = await servedOrganization();
  const verifier = createTokenVerifier({
    ask: async () => {
      asked += 1;
      await sleep(GITHUB_TAKES_MS);
      return { status: "inactive", reason: "refused", health: { state: "well" } };
    },
    breaker: createBreaker({ now: Date.now }),
    budget: createFailureBudget({ now: Date.now }),
    now: Date.now,
    ttlMs: 60_000,
    graceMs: 0,
    onCheck: service.metrics.tokenChecked,
  });
  const strangers: HttpService["verifyToken"] = async (token, client) => {
    const check = await verifier.verify(token, client);
    if (check.status === "inactive" || check.status === "unverifiable")
      return { status: check.status, reason: check.reason };
    throw new Error("a token of somebody");
  };
  return {
    ...service,
    clients: [...service.clients, { name: FLOODED, org: undefined, digest: hash("sha256", FLOODED_SECRET, "buffer") }],
    verifyToken: (...asked) => (asked[1] === FLOODED ? strangers : service.verifyToken)(...asked),
  };
}

answerRequests(async (message) => {
  if (ServerRequest.parse(message).kind === "asked") return asked;
  const server = createHttpServer(await flooded());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" ? address?.port : undefined;
});
