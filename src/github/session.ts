import type { Organization } from "../domain/facts.ts";
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
  readonly onFailure: (what: string, failure: GitHubFailure, cause: unknown) => void;
}

const DISCONNECTED: ReconcilerStatus = { queued: 0, reading: 0, doubtfulSince: undefined, failures: new Map() };

export function createSession({ organization, store, reader, time, onFailure }: SessionOptions): Session {
  let reconciler: Reconciler | undefined;
  const facts = () => store.view().facts;

  return {
    organization,
    store,
    connect: () => {
      if (reconciler !== undefined) return;
      reconciler = createReconciler({ reader, facts, apply: store.apply, time, onFailure });
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
