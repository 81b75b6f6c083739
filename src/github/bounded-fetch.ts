/** GitHub gives up on a query after 10 seconds; an answer that takes twice as long will not come. */
const TIMEOUT_MS = 20_000;

export interface BoundedFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Sends nothing more: what is in flight ends by itself, what would follow it fails. */
  readonly close: () => void;
}

/** A `fetch` that waits only so long, each time anew: for the answer and its body, and for the tokens that Octokit fetches unasked. */
export function boundedFetch(fetch: typeof globalThis.fetch): BoundedFetch {
  let closed = false;
  return {
    fetch: async (input, init) => {
      if (closed) throw new TypeError("Packgate is stopping.");
      return fetch(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(TIMEOUT_MS) });
    },
    close: () => {
      closed = true;
    },
  };
}
