import type { Urgency } from "./agenda.ts";

/** What GitHub says is left of our hourly requests, and what may still be asked with it. */
export interface Budget {
  /** Takes note of a reply's `x-ratelimit-*` headers (docs.github.com, "Rate limits for the REST API"). */
  readonly note: (headers: Readonly<Record<string, string | number | undefined>>) => void;
  /** Whether enough is left for reads of this urgency: what is not urgent leaves the rest to what is. */
  readonly allows: (urgency: Urgency | "audit") => boolean;
  /** The smallest share left of any limit, from 0 to 1; 1 while nothing is known. */
  readonly left: () => number;
}

interface Limit {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch milliseconds. */
  readonly resetsAt: number;
}

/** The share of a limit that must be left for reads of an urgency. */
const RESERVED: Readonly<Record<Urgency | "audit", number>> = { hint: 0, poll: 0.1, resync: 0.25, audit: 0.5 };

/** REST and GraphQL have limits of their own; each is told by its name. @param now epoch milliseconds */
export function createBudget(now: () => number): Budget {
  const limits = new Map<string, Limit>();

  const left = (): number => {
    const shares = [...limits.values()].map(({ limit, remaining, resetsAt }) =>
      resetsAt <= now() ? 1 : remaining / limit,
    );
    return Math.min(1, ...shares);
  };

  return {
    note: (headers) => {
      const resource = headers["x-ratelimit-resource"];
      const limit = Number(headers["x-ratelimit-limit"]);
      const remaining = Number(headers["x-ratelimit-remaining"]);
      const resetsAt = Number(headers["x-ratelimit-reset"]) * 1000;
      if (typeof resource !== "string" || !(limit > 0) || !(remaining >= 0) || Number.isNaN(resetsAt)) return;
      limits.set(resource, { limit, remaining, resetsAt });
    },
    allows: (urgency) => left() >= RESERVED[urgency],
    left,
  };
}
