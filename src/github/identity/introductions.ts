import type { OrganizationId, UserId } from "../../domain/facts.ts";
import type { AppClient } from "./app-client.ts";
import { HEADERS } from "./app-client.ts";
import type { Breaker, Health } from "./breaker.ts";
import type { FailureBudget } from "./failure-budget.ts";
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
  | { readonly status: "unverifiable" };

export interface Introductions {
  /** Never rejects. */
  readonly hear: (token: string) => Promise<Introduction>;
  /** Ends the token at GitHub. @returns whether it has ended. Never rejects */
  readonly end: (token: string) => Promise<boolean>;
}

export interface IntroductionsOptions extends Pick<GitHubUserOptions, "apiUrl" | "fetch" | "now" | "timeoutMs"> {
  readonly client: AppClient;
  /** Shared with all other checks of tokens: it is one GitHub. */
  readonly breaker: Breaker;
  readonly budget: FailureBudget;
}

/** Whose budget of failures it is: no index client can have this name, so no flood here is another's outage. */
const WHOSE_BUDGET = "/_/login";
const PAGE = 100;
/** An App of an organization's own is installed once, as a rule. */
const MOST_PAGES = 10;

const FOREIGN = "is none that GitHub gives to people who authorize this App";
const DEAD = "has ended, or was given to another App: GitHub does not know it as one of this App's";

/** Only what GitHub confirms as issued to our own App is heard: a weak token must not become a strong one of ours. */
export function createIntroductions(options: IntroductionsOptions): Introductions {
  const { apiUrl, fetch, now, client, breaker, budget, timeoutMs = 5000 } = options;

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
      if (!budget.take(WHOSE_BUDGET)) return { status: "unverifiable" };
      const report = breaker.admit();
      if (report === undefined) {
        budget.giveBack(WHOSE_BUDGET);
        return { status: "unverifiable" };
      }
      const { said, health } = await ask(token).catch(() => ({ said: UNVERIFIABLE, health: FAILED.health }));
      report(health);
      if (said.status === "known") budget.giveBack(WHOSE_BUDGET);
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
