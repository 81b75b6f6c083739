import type { Organization } from "../domain/facts.ts";
import { SHARED_KINDS } from "../state/slice.ts";
import type { View } from "../domain/decide.ts";
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
  /** Reads everything and keeps it true from then on. Does nothing when it already does. */
  readonly connect: () => void;
  /** The installation is gone: answers `unknown` from now on. */
  readonly disconnect: () => Promise<void>;
  /** Applies what a webhook means. When it returns, everything it takes away has been taken away. */
  readonly follow: (plan: Plan) => void;
  readonly idle: () => Promise<void>;
  readonly status: () => ReconcilerStatus;
}

export interface SessionOptions {
  readonly organization: Pick<Organization, "id" | "login">;
  readonly store: Store;
  readonly reader: Reader;
  readonly time: Time;
  /** New facts are in force. */
  readonly onApplied: (view: View) => void;
  /** A change that a webhook told of is in force. @param milliseconds since the webhook */
  readonly onSettled: (milliseconds: number) => void;
  readonly onFailure: (what: string, failure: GitHubFailure, cause: unknown) => void;
}

const DISCONNECTED: ReconcilerStatus = { queued: 0, reading: 0, doubtfulSince: undefined, failures: new Map() };

export function createSession(options: SessionOptions): Session {
  const { organization, store, reader, time, onFailure } = options;
  let reconciler: Reconciler | undefined;
  const facts = () => store.view().facts;

  const apply: Store["apply"] = (slices) => {
    const applied = store.apply(slices);
    options.onApplied(store.view());
    return applied;
  };
  // Until everything has been read once, nothing that is read answers a webhook.
  const onSettled = (milliseconds: number): void => {
    if (store.view().ready) options.onSettled(milliseconds);
  };

  return {
    organization,
    store,
    connect: () => {
      if (reconciler !== undefined) return;
      reconciler = createReconciler({ reader, facts, apply, time, onSettled, onFailure });
      reconciler.hint(SHARED_KINDS);
    },
    disconnect: async () => {
      const stopping = reconciler?.stop();
      reconciler = undefined;
      store.forget();
      await stopping;
    },
    follow: ({ revoke, reread, discover }) => {
      const cut = revoke.flatMap((revocation) => store.revoke(revocation));
      reconciler?.hint([...new Set([...cut, ...reread])]);
      // A grant that is just being read for the first time is nowhere yet where it could be cut.
      if (revoke.some(({ kind }) => kind === "member" || kind === "blocked")) reconciler?.restart("access");
      reconciler?.discover(discover);
    },
    idle: async () => reconciler?.idle(),
    status: () => reconciler?.status() ?? DISCONNECTED,
  };
}
