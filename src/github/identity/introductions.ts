import type { OrganizationId, UserId } from "../../domain/facts.ts";
import type { AppClient } from "./app-client.ts";
import { HEADERS } from "./app-client.ts";
import type { Health } from "./breaker.ts";
import { createBreaker } from "./breaker.ts";
import { createFailureBudget } from "./failure-budget.ts";
import { FAILED, readOwnToken, readUserInstallations } from "./github-reply.ts";
import type { GitHubUserOptions } from "./github-user.ts";
import type { GitHubAnswer } from "./identity.ts";
import { inspectToken } from "./token-format.ts";

/** Whom a token stands for that GitHub's device flow gave to our App. */
export type Introduction =
  | {
      readonly status: "known";
      readonly user: { readonly id: UserId; readonly login: string };
      /** Those in which GitHub shows the App to this person: it lets neither those in who lack a SAML session, nor strangers. */
      readonly organizations: readonly OrganizationId[];
      /** When GitHub was asked, epoch milliseconds. */
      readonly checkedAt: number;
    }
  /** `problem`: the end of a sentence that begins with "the token". */
  | { readonly status: "refused"; readonly problem: string }
  /** Nobody could be asked. */
  | { readonly status: "unverifiable" }
  /** Too many that were no proof of a login come at the moment. */
  | { readonly status: "crowded"; readonly retryAfterMs: number };

export interface Introductions {
  /** Never rejects. */
  readonly hear: (token: string) => Promise<Introduction>;
  /** Ends the token at GitHub. @returns whether it has ended. Never rejects */
  readonly end: (token: string) => Promise<boolean>;
}

export interface IntroductionsOptions extends Pick<GitHubUserOptions, "apiUrl" | "fetch" | "now" | "timeoutMs"> {
  readonly client: AppClient;
}

/**
 * Whoever is here has shown nothing yet, so what they send may cost little and keep nobody else out: GitHub gives a
 * client 5,000 requests an hour, of which failures here take 2,400 at most; the rest is for the tokens that indexes show
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api). Good logins take none.
 */
const FAILURES = { most: 600, perMinute: 30 };
/** GitHub takes a hundred requests at a time, of everything that we ask. */
const MOST_UNDER_WAY = 30;
const SOON_MS = 1000;
/** There is one budget for all: behind a proxy every address is the proxy's, and headers are whatever somebody writes. */
const EVERYBODY = "everybody";
const PAGE = 100;
/** An App of an organization's own is installed once, as a rule. */
const MOST_PAGES = 10;

const FOREIGN = "is none that GitHub gives to people who authorize this App";
const DEAD = "has ended, or was given to another App: GitHub does not know it as one of this App's";

/** Only what GitHub confirms as issued to our own App is heard: a weak token must not become a strong one of ours. */
export function createIntroductions(options: IntroductionsOptions): Introductions {
  const { apiUrl, fetch, now, client, timeoutMs = 5000 } = options;
  // Of its own, like the budget: what strangers bring about here is no outage of the indexes, nor the other way round.
  const breaker = createBreaker({ now });
  const budget = createFailureBudget({ ...FAILURES, now });
  let underWay = 0;

  const ask = async (token: string): Promise<{ readonly said: Introduction; readonly health: Health }> => {
    const checkedAt = now();
    const signal = AbortSignal.timeout(timeoutMs);
    const checked = await client.ask("POST", token, signal);
    const own = readOwnToken(checked.status, checked.headers, await checked.text(), now(), client.clientId);
    if (own === undefined) return { said: { status: "refused", problem: DEAD }, health: { state: "well" } };
    if (own.status !== "active") return { said: refusalOf(own), health: own.health };

    const organizations: number[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const url = `${apiUrl}/user/installations?per_page=${PAGE}&page=${page}`;
      const headers = { ...HEADERS, authorization: `Bearer ${token}` };
      const response = await fetch(url, { headers, signal, redirect: "error" });
      const read = readUserInstallations(response.status, response.headers, await response.text(), now());
      if (read.status !== "page") return { said: refusalOf(read), health: read.health };
      organizations.push(...read.organizations);
      if (read.last) break;
    }
    const { id, login, health } = own;
    return { said: { status: "known", user: { id, login }, organizations, checkedAt }, health };
  };

  return {
    hear: async (token) => {
      const format = inspectToken(token);
      if (format.status !== "askable" || format.kind !== "app-user") return { status: "refused", problem: FOREIGN };
      if (underWay >= MOST_UNDER_WAY) return { status: "crowded", retryAfterMs: SOON_MS };
      if (!budget.take(EVERYBODY)) return { status: "crowded", retryAfterMs: budget.waitMs(EVERYBODY) };
      const report = breaker.admit();
      if (report === undefined) {
        budget.giveBack(EVERYBODY);
        return UNVERIFIABLE;
      }
      underWay += 1;
      const { said, health } = await ask(token).catch(() => ({ said: UNVERIFIABLE, health: FAILED.health }));
      underWay -= 1;
      report(health);
      if (said.status === "known") budget.giveBack(EVERYBODY);
      return said;
    },
    end: async (token) => {
      const report = breaker.admit();
      if (report === undefined) return false;
      const status = await client.ask("DELETE", token, AbortSignal.timeout(timeoutMs)).then(
        (response) => response.status,
        () => 0,
      );
      // What GitHub does not find has ended.
      const ended = status === 204 || status === 404 || status === 422;
      report(ended ? { state: "well" } : FAILED.health);
      return ended;
    },
  };
}

const UNVERIFIABLE: Introduction = { status: "unverifiable" };

function refusalOf({ status }: GitHubAnswer): Introduction {
  return status === "inactive" ? { status: "refused", problem: DEAD } : UNVERIFIABLE;
}
