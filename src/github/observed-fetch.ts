/** What each exchange with GitHub tells about our standing there. */
export interface Observation {
  readonly kind: "rest" | "graphql";
  /** The HTTP status; `undefined` when no answer came. */
  readonly status: number | undefined;
  /** GitHub's name for the limit this counted against, such as `core`, and what is left of it. */
  readonly limit: { readonly resource: string; readonly remaining: number } | undefined;
}

/** A `fetch` that reports every exchange. Reads headers only: bodies and credentials are nobody's business here. */
export function observeFetch(
  fetch: typeof globalThis.fetch,
  report: (seen: Observation) => void,
): typeof globalThis.fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : input;
    const kind = new URL(url).pathname.endsWith("/graphql") ? "graphql" : "rest";
    try {
      const response = await fetch(input, init);
      report({ kind, status: response.status, limit: limitIn(response.headers) });
      return response;
    } catch (error) {
      report({ kind, status: undefined, limit: undefined });
      throw error;
    }
  };
}

function limitIn(headers: Headers): Observation["limit"] {
  const resource = headers.get("x-ratelimit-resource");
  const remaining = Number(headers.get("x-ratelimit-remaining") ?? Number.NaN);
  return resource === null || Number.isNaN(remaining) ? undefined : { resource, remaining };
}
