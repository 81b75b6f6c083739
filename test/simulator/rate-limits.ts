import type { Organization } from "./model.ts";

/** Hourly budgets per caller and resource, with the headers that report them. */
export type Resource = "core" | "graphql";
export type RateLimit = { limit: number; used: number; remaining: number; reset: number; resource: Resource };
export type RateLimits = ReturnType<typeof createRateLimits>;

const hour = 3_600_000;

export function createRateLimits(clock: () => number) {
  const windows = new Map<string, { used: number; resetAt: number }>();

  const window = (caller: string, resource: Resource): { used: number; resetAt: number } => {
    const key = `${caller} ${resource}`;
    let current = windows.get(key);
    if (current === undefined || current.resetAt <= clock())
      windows.set(key, (current = { used: 0, resetAt: clock() + hour }));
    return current;
  };

  return {
    read(caller: string, resource: Resource, limit: number): RateLimit {
      const { used, resetAt } = window(caller, resource);
      return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000), resource };
    },
    spend(caller: string, resource: Resource, points: number): void {
      window(caller, resource).used += points;
    },
  };
}

/** 15,000 requests (10,000 points) for enterprise organizations; for others 5,000, growing with repositories and members. */
export function installationLimit(organization: Organization, resource: Resource): number {
  if (organization.plan === "enterprise") return resource === "core" ? 15_000 : 10_000;
  const extra = Math.max(0, organization.repositories.size - 20) + Math.max(0, organization.members.size - 20);
  return Math.min(12_500, 5000 + 50 * extra);
}

export function rateLimitHeaders(state: RateLimit): Record<string, string> {
  return {
    "x-ratelimit-limit": String(state.limit),
    "x-ratelimit-remaining": String(state.remaining),
    "x-ratelimit-used": String(state.used),
    "x-ratelimit-reset": String(state.reset),
    "x-ratelimit-resource": state.resource,
  };
}
