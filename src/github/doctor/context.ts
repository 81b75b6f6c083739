import type { GitHubPort } from "./port.ts";

/** What the doctor knows before asking. */
export interface Context {
  readonly port: GitHubPort;
  readonly appId: number;
  /** GitHub as people see it, as `https://github.com`. */
  readonly webUrl: string;
  /** How the world reaches us, if that is configured. */
  readonly publicUrl: string | undefined;
  /** Logins in lower case that are served; empty: the only installation. */
  readonly organizations: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}
