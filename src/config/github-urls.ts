import { baseUrl } from "./parsers.ts";
import type { Reader } from "./reader.ts";
import { VARIABLES } from "./variables.ts";

/** Where GitHub is. No URL ends in a slash. */
export interface GitHubUrls {
  /** REST root, as `https://api.github.com`. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** What people open in a browser, as `https://github.com`. */
  readonly webUrl: string;
}

/**
 * Derives GitHub's addresses from `GHE_HOST`, `GHE_PROTOCOL` and `GITHUB_API_URL`.
 *
 * GitHub.com and GHE.com serve GraphQL at `/graphql` of the API host; GitHub Enterprise Server serves REST at
 * `/api/v3` and GraphQL at `/api/graphql` of its only host.
 */
export function readGitHubUrls(reader: Reader): GitHubUrls {
  const server = readServerUrl(reader);
  const apiUrl =
    reader.read(VARIABLES.apiUrl) ?? (server === undefined ? "https://api.github.com" : `${server}/api/v3`);
  return Object.freeze({
    apiUrl,
    graphqlUrl: apiUrl.endsWith("/api/v3") ? apiUrl.replace(/\/v3$/, "/graphql") : `${apiUrl}/graphql`,
    webUrl: server ?? new URL(apiUrl).origin.replace("://api.", "://"),
  });
}

/**
 * Who vouches for workflow runs
 * (https://docs.github.com/actions/reference/security/oidc, and the same page for GHE.com and for the server).
 */
export function actionsIssuer({ apiUrl, webUrl }: GitHubUrls): string {
  const { hostname } = new URL(apiUrl);
  if (hostname === "api.github.com") return "https://token.actions.githubusercontent.com";
  const [, subdomain] = /^api\.(.+\.ghe\.com)$/.exec(hostname) ?? [];
  return subdomain === undefined ? `${webUrl}/_services/token` : `https://token.actions.${subdomain}`;
}

function readServerUrl(reader: Reader): string | undefined {
  const host = reader.read(VARIABLES.gheHost);
  const protocol = reader.read(VARIABLES.gheProtocol);
  if (host === undefined || protocol === undefined) return undefined;
  return reader.parse(VARIABLES.gheProtocol, `${protocol}://${host}`, baseUrl);
}
