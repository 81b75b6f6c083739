import type { ActionsIssuer } from "./actions-issuer.ts";
import { runClaims, startIssuer } from "./actions-issuer.ts";
import type { Running, RunningOptions } from "./packgate.ts";
import { INDEX_SECRET, startPackgate, WEBHOOK_SECRET } from "./packgate.ts";
import type { Acme } from "../simulator/acme.ts";
import type { Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";

/** acme on a simulated GitHub, an issuer of workflow runs' tokens, and a Packgate that believes both. */
export interface AcmeRuns {
  readonly github: Simulator;
  readonly acme: Acme;
  readonly issuer: ActionsIssuer;
  readonly packgate: Running;
  /** The token of a run of acme/core on `main`; `more` replaces claims, and removes those that are `undefined`. */
  readonly token: (
    more?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ) => Promise<string>;
  /** Asks for one of our tokens. */
  readonly mint: (token: string, path?: string) => Promise<{ status: number; body: Record<string, unknown> }>;
  /** Our token for a run; throws when there is none. */
  readonly minted: (more?: Readonly<Record<string, unknown>>) => Promise<string>;
  readonly introspect: (token: string, more?: Readonly<Record<string, string>>) => Promise<Record<string, unknown>>;
  /** "allow", or the reason why not. */
  readonly may: (action: string, name: string, token: string) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

export interface AcmeRunsOptions {
  /** Whose tokens are believed; a new one by default. It is closed with the rest. */
  readonly issuer?: ActionsIssuer;
  /** An earlier one's, for the next process on the same GitHub; a new one by default. */
  readonly world?: Pick<AcmeRuns, "github" | "acme">;
  readonly surroundings?: RunningOptions["surroundings"];
  readonly log?: RunningOptions["log"];
}

export async function startAcmeRuns(
  env: Readonly<Record<string, string>> = {},
  options: AcmeRunsOptions = {},
): Promise<AcmeRuns> {
  const github = options.world?.github ?? createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = options.world?.acme ?? acmeOrganization(github);
  const issuer = options.issuer ?? (await startIssuer());
  const packgate = await startPackgate(github, {
    env: { PACKGATE_OIDC_ISSUERS: issuer.url, ...env },
    ...(options.log && { log: options.log }),
    surroundings: {
      ...options.surroundings,
      fetch: (input, init) => {
        const { origin } = new URL(input instanceof Request ? input.url : input);
        return origin === issuer.url ? fetch(input, init) : github.fetch(input, init);
      },
    },
  });
  await packgate.settle();

  const token: AcmeRuns["token"] = (more = {}, header = {}) => {
    const place = { repository: acme.repositories.core.id, owner: acme.organization.id };
    return issuer.sign({ ...runClaims({ issuer: issuer.url, now: Date.now(), ...place }), ...more }, header);
  };
  const mint: AcmeRuns["mint"] = async (token, path = "/_/oidc/mint-token") => {
    // As old versions of uv do: without a media type.
    const response = await fetch(`${packgate.url}${path}`, {
      method: "POST",
      body: Buffer.from(JSON.stringify({ token })),
    });
    return { status: response.status, body: Object(await response.json()) };
  };
  return {
    github,
    acme,
    issuer,
    packgate,
    token,
    mint,
    minted: async (more) => {
      const { body } = await mint(await token(more));
      if (typeof body["token"] !== "string") throw new Error(JSON.stringify(body));
      return body["token"];
    },
    introspect: async (token, more = {}) => {
      const response = await fetch(`${packgate.url}/introspect`, {
        method: "POST",
        headers: { authorization: `Bearer ${INDEX_SECRET}` },
        body: new URLSearchParams({ token, ...more }),
      });
      return Object(await response.json());
    },
    may: async (action, name, token) => {
      const { body } = await packgate.ask({ package: name, action, token });
      return body["decision"] === "allow" ? "allow" : body["reason"];
    },
    stop: async () => {
      await packgate.stop();
      await issuer.close();
    },
  };
}
