import { hash, randomUUID } from "node:crypto";
import { pino } from "pino";
import { createBreaker } from "../../src/github/identity/breaker.ts";
import { createFailureBudget } from "../../src/github/identity/failure-budget.ts";
import { createTokenVerifier } from "../../src/github/identity/verify-token.ts";
import type { HttpService } from "../../src/http/service.ts";
import { NO_PUBLISHING } from "../../test/helpers/no-publishing.ts";
import { createMetrics } from "../../src/metrics.ts";
import type { Organization, Simulator } from "../../test/simulator/index.ts";
import { createSimulator } from "../../test/simulator/index.ts";
import { storeOf } from "../reference/facts.ts";
import { referenceOrganization } from "../reference/organization.ts";

export const SECRET = "index-secret-of-the-benchmark";

export interface Tokens {
  readonly organization: Organization;
  /** Every member's token, by login. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** The reference organization with a token for every member; the same in every process. */
export function signedUp(now: number): Tokens & { github: Simulator } {
  const github = createSimulator({ webhookSecret: "of-no-consequence", clock: () => now });
  const organization = referenceOrganization(github);
  const people = [...organization.members.keys()].flatMap((id) => github.world.users.get(id) ?? []);
  return { github, organization, tokens: new Map(people.map(({ id, login }) => [login, github.tokenFor(id)])) };
}

/** Everything that the HTTP side needs, as it is when it serves; only GitHub is not asked, for every token is known. */
export async function servedOrganization(): Promise<HttpService> {
  const now = Date.now();
  const { github, organization, tokens } = signedUp(now);
  const owners = new Map([...github.world.users.values()].map(({ id, login }) => [tokens.get(login), { id, login }]));
  const metrics = createMetrics();
  const verifier = createTokenVerifier({
    ask: (token) => {
      const owner = owners.get(token);
      if (owner === undefined) throw new Error("a token of nobody");
      const known = { clientId: undefined, tokenExpiresAt: undefined };
      return Promise.resolve({ status: "active", ...owner, ...known, health: { state: "well" } });
    },
    breaker: createBreaker({ now: Date.now }),
    budget: createFailureBudget({ now: Date.now }),
    now: Date.now,
    ttlMs: 3_600_000,
    graceMs: 0,
    onCheck: metrics.tokenChecked,
  });
  for (const token of tokens.values()) await verifier.verify(token, "index");

  const store = storeOf(github.world, organization, now);
  return {
    clients: [{ name: "index", org: undefined, digest: hash("sha256", SECRET, "buffer") }],
    wanted: [],
    organizations: () => [
      { id: organization.id, login: organization.login, view: store.view, confirm: () => Promise.resolve() },
    ],
    verifyToken: (token, client) => {
      const check = verifier.verify(token, client);
      if (check instanceof Promise || check.status !== "active") throw new Error("a token that is not known yet");
      const { id, login, kind, clientId, checkedAt, expiresAt } = check.identity;
      return { status: "active", identity: { id, login, kind, clientId, checkedAt, expiresAt, sees: () => "visible" } };
    },
    publishing: NO_PUBLISHING,
    login: undefined,
    webhook: { verify: () => Promise.resolve(false), accept: () => undefined },
    readiness: () => ({
      ready: true,
      orgs: [],
      deliveries: { lastSweepAt: undefined, lastDeliveryAt: undefined, failedDeliveries: 0 },
      problems: [],
    }),
    metrics,
    log: pino({ level: "info" }, { write: () => undefined }),
    clock: Date.now,
    stopwatch: () => performance.now(),
    requestId: randomUUID,
    info: { version: "0.0.0", issuer: "https://github.example", publicUrl: undefined },
  };
}
