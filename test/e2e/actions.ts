import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { ActionsIssuer } from "../helpers/actions-issuer.ts";
import { runClaims } from "../helpers/actions-issuer.ts";
import { freePort } from "./process.ts";

/** What stands in for GitHub Actions around a job: it gives the job tokens that say which run it is of. */
export interface Actions {
  /**
   * @param more claims of the run that are not those of a push to the default branch
   * @returns what a job with `permissions: id-token: write` finds in its environment
   */
  readonly job: (more?: Readonly<Record<string, unknown>>) => Record<string, string>;
  readonly close: () => Promise<void>;
}

/**
 * Serves what jobs ask, as GitHub does
 * (https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token).
 */
export async function startActions(
  issuer: ActionsIssuer,
  place: { readonly repository: number; readonly owner: number },
): Promise<Actions> {
  const jobs = new Map<string, Readonly<Record<string, unknown>>>();
  const url = `http://127.0.0.1:${await freePort()}`;

  const tokenFor = (request: string, authorization = ""): Promise<string> | undefined => {
    const { searchParams } = new URL(request, url);
    const [, secret = ""] = /^bearer (.+)$/i.exec(authorization) ?? [];
    const more = jobs.get(secret);
    if (more === undefined || !searchParams.has("api-version")) return undefined;
    const aud = searchParams.get("audience") ?? "https://github.com/acme";
    return issuer.sign({ ...runClaims({ issuer: issuer.url, now: Date.now(), ...place }), ...more, aud });
  };

  const server = createServer(async (request, response) => {
    const value = request.method === "GET" && (await tokenFor(request.url ?? "", request.headers.authorization));
    if (!value) response.writeHead(401).end();
    else response.setHeader("content-type", "application/json").end(JSON.stringify({ count: value.length, value }));
  }).listen(Number(new URL(url).port), "127.0.0.1");
  await once(server, "listening");

  return {
    job: (more = {}) => {
      const secret = randomUUID();
      jobs.set(secret, more);
      return {
        GITHUB_ACTIONS: "true",
        ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/jobs/idtoken?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret,
      };
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
