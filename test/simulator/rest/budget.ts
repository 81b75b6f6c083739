import { installationLimit, type RateLimit, type RateLimits, type Resource } from "../rate-limits.ts";
import type { Caller } from "./route.ts";

/** Whose budget a call is on, and how large it is. */
export function callerKey(caller: Caller): string {
  if (caller.kind === "installation") return `installation ${caller.installation.id}`;
  return caller.kind === "user" ? `user ${caller.user.id}` : caller.kind;
}

export function budgetOf(caller: Caller, limits: RateLimits, resource: Resource): RateLimit {
  const limit =
    caller.kind === "installation"
      ? installationLimit(caller.organization, resource)
      : caller.kind === "anonymous"
        ? 60
        : 5000;
  return limits.read(callerKey(caller), resource, limit);
}
