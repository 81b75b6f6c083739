import type { PackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import type { Person } from "../../state/directory.ts";

/** The answer to a proxy. */
export interface Verdict {
  readonly decision: "allow" | "deny" | "unknown";
  readonly reason: string;
  /** For whoever asked the proxy: Caddy, Traefik and Envoy hand the body on. */
  readonly message: string;
  readonly user?: Person | undefined;
  readonly name?: PackageName | undefined;
  readonly permission?: Permission;
}

/** A request that is refused whoever makes it. */
export function refusedFor(reason: string, message: string): Verdict {
  return { decision: "deny", reason, message };
}
