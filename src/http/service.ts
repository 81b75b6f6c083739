import type { View } from "../domain/decide.ts";
import type { OrganizationId, UserId } from "../domain/facts.ts";
import type { PackageName } from "../domain/package-name.ts";
import type { Metrics } from "../metrics.ts";
import type { Login, Publishing, VerifyToken } from "./identities.ts";

export type * from "./identities.ts";

/** Everything the HTTP side needs of the rest, as functions: the one port of this directory. */
export interface HttpService {
  /** Who may ask. Empty: everybody is refused. */
  readonly clients: readonly IndexClient[];
  readonly organizations: () => readonly ServedOrganization[];
  /** Logins of the organizations that shall be served, as configured; empty: whichever there is. */
  readonly wanted: readonly string[];
  readonly verifyToken: VerifyToken;
  readonly publishing: Publishing;
  /** `undefined`: the App's OAuth client is not configured, so nobody can log in. */
  readonly login: Login | undefined;
  readonly webhook: WebhookPort;
  readonly readiness: () => Readiness;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Monotonic milliseconds with fractions, for durations. */
  readonly stopwatch: () => number;
  /** A fresh id for a request that came without one. */
  readonly requestId: () => string;
  readonly info: ServiceInfo;
}

/** An index server or proxy that asks us. */
export interface IndexClient {
  readonly name: string;
  /** The login of the only organization it may ask about; `undefined`: any that is served. */
  readonly org: string | undefined;
  /** SHA-256 of its secret, 32 bytes. */
  readonly digest: Uint8Array;
}

export interface ServedOrganization {
  readonly id: OrganizationId;
  readonly login: string;
  /** The state of this moment. Taken after the last await of a request, and only once. */
  readonly view: () => View;
  /**
   * Waits, two seconds at most, until what this user may do to this package rests on facts from a moment or later.
   *
   * @param since epoch milliseconds
   */
  readonly confirm: (user: UserId | undefined, name: PackageName, since: number) => Promise<void>;
}

export interface WebhookPort {
  /** Whether GitHub signed this. @param signature the X-Hub-Signature-256 header */
  readonly verify: (body: string, signature: string) => Promise<boolean>;
  /** Takes responsibility for a delivery; it is acknowledged when this resolves. */
  readonly accept: (delivery: Delivery) => Promise<void> | void;
}

export interface Delivery {
  readonly id: string;
  /** The event, such as `team`. */
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Readiness {
  /** Whether decisions are served for every organization. */
  readonly ready: boolean;
  readonly orgs: readonly OrganizationStatus[];
  readonly deliveries: DeliveriesStatus;
  /** Sentences, each with what to do. */
  readonly problems: readonly string[];
}

export interface OrganizationStatus {
  readonly login: string;
  readonly synced: boolean;
  /** The oldest confirmation time of the facts in use, epoch milliseconds. */
  readonly asOf: number | undefined;
  readonly revision: number;
  readonly packages: number;
  readonly repositories: number;
  readonly members: number;
  /** For how many seconds the oldest change that we heard of has been waiting to be applied; 0 when none waits. */
  readonly lag: number;
  /** No fact is older than so many seconds: the resync's interval, or more while GitHub lets us ask less than that. */
  readonly staleBound: number;
  /** Only reading is answered, because nobody could be asked yet what has happened since the last run. */
  readonly readsOnly: boolean;
  /** How many slices wait to be read from GitHub. */
  readonly queued: number;
  /** The smallest share that is left of any of GitHub's hourly limits, from 0 to 1. */
  readonly budget: number;
  /** How many slices the resync has found changed since the process began, though nobody had told us. */
  readonly drift: number;
}

/** What GitHub's log of webhook deliveries shows. */
export interface DeliveriesStatus {
  /** When the log was last looked through, epoch milliseconds. */
  readonly lastSweepAt: number | undefined;
  /** When GitHub last tried to deliver anything, epoch milliseconds. */
  readonly lastDeliveryAt: number | undefined;
  /** How many of the deliveries that were looked at last GitHub could not bring to us. */
  readonly failedDeliveries: number;
}

/** The part of pino that is used here. */
export interface Log {
  readonly debug: (fields: object, message: string) => void;
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

export interface ServiceInfo {
  readonly version: string;
  /** The `iss` of introspection replies. */
  readonly issuer: string;
  /** How the world reaches us, for links in metadata. */
  readonly publicUrl: string | undefined;
}
