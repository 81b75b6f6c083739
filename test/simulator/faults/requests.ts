import type { Reply } from "../rest/route.ts";

/** What can go wrong with a request to the API. */

export type RequestInfo = {
  method: string;
  path: string;
  /** "GET /orgs/{org}/members" or "POST /graphql" */ route: string;
  body: string;
};
/** A route ("GET /orgs/{org}/members"), one path ("GET /orgs/acme/members"), "*", an expression on either, or any test. */
export type RoutePattern = string | RegExp | ((request: RequestInfo) => boolean);
export type RequestFaults = ReturnType<typeof createRequestFaults>;
export type Gate = { arrived: Promise<void>; waiting: () => number; resume: () => void };

type Outcome = Reply | "never" | ((request: RequestInfo) => Reply);
type Fault = { pattern: RoutePattern; left: number; outcome: Outcome };
type ReadGate = { pattern: RoutePattern; when: "before" | "after"; enter: () => Promise<void>; resume: () => void };

const documentation = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

const healthy = {
  down: false,
  treeEntries: 100_000,
  limitedPage: Number.POSITIVE_INFINITY,
  failingPage: Number.POSITIVE_INFINITY,
};

export function createRequestFaults(clock: () => number) {
  const faults: Fault[] = [];
  const gates: ReadGate[] = [];
  const state = { ...healthy };
  const add = (pattern: RoutePattern, outcome: Outcome, times: number): unknown =>
    faults.push({ pattern, left: times, outcome });

  return {
    /** Read by the simulator: the largest page that still works, and the largest tree that is not truncated. */
    state,
    /** The next requests to that route are answered with this status. */
    status(pattern: RoutePattern, status: number, options: { times?: number; message?: string } = {}): void {
      const message = options.message ?? (status === 404 ? "Not Found" : status >= 500 ? "Server Error" : "Forbidden");
      add(
        pattern,
        { status, body: { message, documentation_url: documentation, status: String(status) } },
        options.times ?? 1,
      );
    },
    /** Never answered; only the caller's own abort ends it. */
    timeout(pattern: RoutePattern, times = 1): void {
      add(pattern, "never", times);
    },
    primaryLimit(pattern: RoutePattern, options: { status?: 403 | 429; times?: number; resetIn?: number } = {}): void {
      const reset = Math.ceil(clock() / 1000) + (options.resetIn ?? 60);
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
      const body = { message: "API rate limit exceeded for installation.", documentation_url: documentation };
      const refused = { status: options.status ?? 403, headers, body };
      const errors = [{ type: "RATE_LIMITED", message: body.message }];
      // GraphQL says so with a 200
      const outcome: Outcome = ({ route }) =>
        route === "POST /graphql" ? { status: 200, headers, body: { errors } } : refused;
      add(pattern, outcome, options.times ?? 1);
    },
    secondaryLimit(
      pattern: RoutePattern,
      options: { status?: 403 | 429; times?: number; retryAfter?: number } = {},
    ): void {
      const headers = { "retry-after": String(options.retryAfter ?? 60) };
      const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
      const body = { message, documentation_url: `${documentation}#about-secondary-rate-limits` };
      add(pattern, { status: options.status ?? 403, headers, body }, options.times ?? 1);
    },
    /** A GraphQL page wider than this comes back with nulls and RESOURCE_LIMITS_EXCEEDED. */
    limitPages(width: number): void {
      state.limitedPage = width;
    },
    /** A GraphQL page wider than this is a 502. */
    failPages(width: number): void {
      state.failingPage = width;
    },
    truncateTrees(entries: number): void {
      state.treeEntries = entries;
    },
    down(): void {
      state.down = true;
    },
    up(): void {
      state.down = false;
    },
    /** Holds matching requests: before the model is read, or (a stale answer under way) after. */
    pause(pattern: RoutePattern, when: "before" | "after" = "after"): Gate {
      const arrival = deferred();
      const opening = deferred();
      let waiting = 0;
      const enter = async (): Promise<void> => {
        waiting += 1;
        arrival.resolve();
        await opening.promise;
        waiting -= 1;
      };
      const resume = (): void => {
        const index = gates.indexOf(gate);
        if (index >= 0) gates.splice(index, 1);
        opening.resolve();
      };
      const gate: ReadGate = { pattern, when, enter, resume };
      gates.push(gate);
      return { arrived: arrival.promise, waiting: () => waiting, resume };
    },
    clear(): void {
      faults.length = 0;
      for (const gate of gates.splice(0)) gate.resume();
      Object.assign(state, healthy);
    },

    next(request: RequestInfo): Reply | "never" | undefined {
      const fault = faults.find((each) => each.left > 0 && matches(each.pattern, request));
      if (fault === undefined) return undefined;
      fault.left -= 1;
      return typeof fault.outcome === "function" ? fault.outcome(request) : fault.outcome;
    },
    async pass(request: RequestInfo, when: "before" | "after"): Promise<void> {
      const closed = gates.filter((gate) => gate.when === when && matches(gate.pattern, request));
      for (const gate of closed) await gate.enter();
    },
  };
}

function matches(pattern: RoutePattern, request: RequestInfo): boolean {
  const path = `${request.method} ${request.path}`;
  if (typeof pattern === "function") return pattern(request);
  if (typeof pattern === "string") return pattern === "*" || pattern === request.route || pattern === path;
  return pattern.test(request.route) || pattern.test(path);
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let done: (() => void) | undefined;
  const promise = new Promise<void>((resolve) => (done = resolve));
  return { promise, resolve: () => done?.() };
}
