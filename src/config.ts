import { type OAuthClient, readOAuthClient, readPrivateKey } from "./config/app-credentials.ts";
import { type GitHubUrls, readGitHubUrls } from "./config/github-urls.ts";
import type { IndexClient } from "./config/index-clients.ts";
import type { PolicyPlace, Secret } from "./config/parsers.ts";
import { type ConfigFault, createReader, type Environment, type Reader } from "./config/reader.ts";
import { VARIABLES } from "./config/variables.ts";

export type { ConfigFault, Environment, GitHubUrls, IndexClient, OAuthClient, PolicyPlace, Secret };

/** What the environment said, checked and frozen. Secrets are functions or digests, so a logged Config shows none. */
export interface Config {
  readonly appId: number;
  /** The App's RSA key as a PKCS #8 PEM. */
  readonly privateKey: Secret;
  readonly webhookSecret: Secret;
  /** Accepted beside `webhookSecret` during a rotation. */
  readonly webhookSecretPrevious: Secret | undefined;
  readonly oauth: OAuthClient | undefined;
  readonly github: GitHubUrls;
  readonly host: string;
  readonly port: number;
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  readonly logFormat: "pretty" | "json";
  /** Logins in lower case; empty: whichever single organization installed the App. */
  readonly organizations: readonly string[];
  readonly indexClients: readonly IndexClient[];
  /** Milliseconds. */
  readonly tokenTtlMs: number;
  /** Milliseconds after which a fact that was not confirmed again is believed no more. */
  readonly maxStalenessMs: number;
  /** Milliseconds between two polls of what has no webhook. */
  readonly pollIntervalMs: number;
  /** Milliseconds in which every fact is confirmed once. */
  readonly resyncIntervalMs: number;
  readonly policy: PolicyPlace;
  /** Where the snapshot is kept; `undefined`: nowhere. */
  readonly stateFolder: string | undefined;
  /** No trailing slash. */
  readonly publicUrl: string | undefined;
  /** One sentence each, for the log. */
  readonly warnings: readonly string[];
}

/** Every fault of the environment at once; `message` has one line for each. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];
  readonly warnings: readonly string[];

  constructor(faults: readonly ConfigFault[], warnings: readonly string[]) {
    super(faults.map(({ variable, problem, fix }) => `${variable} ${problem}; ${fix}`).join("\n"));
    this.name = "ConfigError";
    this.faults = faults;
    this.warnings = warnings;
  }
}

/**
 * Reads the environment.
 *
 * @param readFile reads a text file; throws when it cannot
 * @param terminal whether the log goes to a person's terminal, which makes it pretty unless told otherwise
 * @throws {ConfigError} with all faults
 */
export function loadConfig(env: Environment, readFile: (path: string) => string, terminal = false): Config {
  const reader = createReader(env);
  const needed = {
    appId: reader.read(VARIABLES.appId),
    privateKey: readPrivateKey(reader, readFile),
    webhookSecret: reader.read(VARIABLES.webhookSecret),
    host: reader.read(VARIABLES.host),
    port: reader.read(VARIABLES.port),
    logLevel: reader.read(VARIABLES.logLevel),
    tokenTtlMs: reader.read(VARIABLES.tokenTtlMs),
    maxStalenessMs: reader.read(VARIABLES.maxStalenessMs),
    pollIntervalMs: reader.read(VARIABLES.pollIntervalMs),
    resyncIntervalMs: reader.read(VARIABLES.resyncIntervalMs),
    policy: reader.read(VARIABLES.policy),
  };
  const optional = {
    webhookSecretPrevious: reader.read(VARIABLES.webhookSecretPrevious),
    oauth: readOAuthClient(reader),
    github: readGitHubUrls(reader),
    logFormat: reader.read(VARIABLES.logFormat) ?? (terminal ? "pretty" : "json"),
    organizations: reader.read(VARIABLES.organizations) ?? Object.freeze([]),
    indexClients: reader.read(VARIABLES.indexClients) ?? Object.freeze([]),
    stateFolder: reader.read(VARIABLES.stateFolder),
    publicUrl: reader.read(VARIABLES.publicUrl),
  };
  checkIntervals(reader, needed);
  checkBindings(reader, optional.indexClients, optional.organizations);

  const warnings = Object.freeze(reader.warnings());
  if (reader.faults.length > 0 || !isComplete(needed)) throw new ConfigError(reader.faults, warnings);
  return Object.freeze({ ...needed, ...optional, warnings });
}

/** A resync that ends when facts are too old to be believed would make every answer "unknown" now and then. */
function checkIntervals(
  reader: Reader,
  {
    resyncIntervalMs,
    maxStalenessMs,
  }: { readonly resyncIntervalMs: number | undefined; readonly maxStalenessMs: number | undefined },
): void {
  if (resyncIntervalMs === undefined || maxStalenessMs === undefined || resyncIntervalMs * 2 <= maxStalenessMs) return;
  const { resyncIntervalMs: resync, maxStalenessMs: staleness } = VARIABLES;
  const problem = `is more than half of ${staleness.name}, so that facts may grow too old between two readings`;
  reader.fault(resync.name, problem, `make it shorter, or ${staleness.name} longer`);
}

/** An index client bound to an organization that is not served could never be answered. */
function checkBindings(reader: Reader, clients: readonly IndexClient[], organizations: readonly string[]): void {
  if (organizations.length === 0) return;
  for (const [index, { org }] of clients.entries()) {
    if (org === undefined || organizations.includes(org)) continue;
    const problem = `entry ${index + 1} is bound to an organization that PACKGATE_ORGS leaves out`;
    reader.fault(VARIABLES.indexClients.name, problem, "add the organization there, or correct the entry");
  }
}

type Complete<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function isComplete<T extends object>(needed: T): needed is T & Complete<T> {
  return Object.values(needed).every((value) => value !== undefined);
}
