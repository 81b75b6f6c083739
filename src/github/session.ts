import type { View } from "../domain/decide.ts";
import type { Organization } from "../domain/facts.ts";
import type { SliceKey } from "../state/slice.ts";
import { SHARED_KINDS } from "../state/slice.ts";
import type { Store } from "../state/store.ts";
import type { GitHubFailure } from "./failure.ts";
import type { Plan } from "./plans/plan.ts";
import type { Reader } from "./reader/reader.ts";
import type { Reconciler, ReconcilerStatus } from "./reconciler.ts";
import { createReconciler } from "./reconciler.ts";
import type { Time } from "./time.ts";

/** One organization that is served: its state and whatever keeps it true. */
export interface Session {
  readonly organization: Pick<Organization, "id" | "login">;
  readonly store: Store;
  /**
   * Reads everything and keeps it true from then on. Does nothing when it already does so by this very grant; another
   * one (the App was installed anew, or given other permissions) shows other things, so all is read again.
   */
  readonly connect: (grant: Grant) => void;
  /** The installation is gone: answers `unknown` from now on. */
  readonly disconnect: () => void;
  /** Reads nothing more; answers from what is known. */
  readonly stop: () => void;
  /** Applies what a webhook means. When it returns, everything it takes away has been taken away. */
  readonly follow: (plan: Plan) => void;
  /** Something changed, and nobody knows what: reads everything again. */
  readonly recheck: () => void;
  readonly idle: () => Promise<void>;
  readonly status: () => ReconcilerStatus;
}

/** What an organization lets the App see. */
export interface Grant {
  readonly installation: number;
  /** A renamed organization has to be asked for by its new name. */
  readonly login: string;
  readonly permissions: Readonly<Record<string, string | undefined>>;
}

export interface SessionOptions {
  readonly organization: Pick<Organization, "id" | "login">;
  readonly store: Store;
  readonly reader: (installation: number) => Reader;
  readonly time: Time;
  /** New facts are in force. */
  readonly onApplied: (view: View) => void;
  /** A change that a webhook told of is in force. @param milliseconds since the webhook */
  readonly onSettled: (milliseconds: number) => void;
  readonly onFailure: (what: string, failure: GitHubFailure, cause: unknown) => void;
}

const DISCONNECTED: ReconcilerStatus = { doubtfulSince: undefined, failures: new Set() };

export function createSession(options: SessionOptions): Session {
  const { organization, store, reader, time, onFailure } = options;
  let current: { readonly grant: string; readonly reconciler: Reconciler } | undefined;
  const facts = () => store.view().facts;

  /** Since when everything has been read once: doubts from before that answer no webhook. Epoch milliseconds. */
  let servingSince: number | undefined;
  const apply: Store["apply"] = (slices) => {
    const applied = store.apply(slices);
    if (store.view().ready) servingSince ??= time.now();
    options.onApplied(store.view());
    return applied;
  };
  const onSettled = (milliseconds: number): void => {
    if (servingSince !== undefined && time.now() - milliseconds >= servingSince) options.onSettled(milliseconds);
  };

  const stop = (): void => {
    current?.reconciler.stop();
    current = undefined;
  };

  // Each repository is read with the list of all of them.
  const recheck = (): void => {
    const { teamMembers, access } = facts();
    current?.reconciler.hint([
      ...SHARED_KINDS,
      ...[...teamMembers.keys()].map((id): SliceKey => `team-members/${id}`),
      ...[...access.keys()].map((id): SliceKey => `access/${id}`),
    ]);
  };

  return {
    organization,
    store,
    connect: ({ installation, login, permissions }) => {
      const grant = JSON.stringify({ installation, login, permissions });
      if (current?.grant === grant) return;
      stop();
      const reconciler = createReconciler({ reader: reader(installation), facts, apply, time, onSettled, onFailure });
      current = { grant, reconciler };
      recheck();
    },
    disconnect: () => {
      stop();
      store.forget();
      servingSince = undefined;
    },
    stop,
    follow: ({ revoke, reread, discover }) => {
      const cut = revoke.flatMap((revocation) => store.revoke(revocation));
      const reconciler = current?.reconciler;
      reconciler?.hint([...new Set([...cut, ...reread])]);
      if (revoke.some(({ kind }) => REACHES_FAR.has(kind)) || discover.length > 0) reconciler?.unsettle();
      reconciler?.discover(discover);
    },
    recheck,
    idle: async () => current?.reconciler.idle(),
    status: () => current?.reconciler.status() ?? DISCONNECTED,
  };
}

/** What may be in any team's members, or in any repository's access. */
const REACHES_FAR: ReadonlySet<string> = new Set(["member", "blocked", "team"]);
