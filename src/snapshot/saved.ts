import type { Organization } from "../domain/facts.ts";
import type { SliceKey } from "../state/slice.ts";
import type { StoreState } from "../state/store.ts";

/** Everything that outlives the process. Holds no token, key or secret: what is not in here is never written. */
export interface Saved {
  /** Epoch milliseconds. */
  readonly writtenAt: number;
  readonly organizations: readonly SavedOrganization[];
  /** Webhook deliveries that need not be followed again: by GitHub's id, when they were, in epoch milliseconds. */
  readonly followed: ReadonlyMap<string, number>;
}

/** One organization at one moment: all of it must be taken without awaiting in between. */
export interface SavedOrganization extends StoreState {
  readonly organization: Pick<Organization, "id" | "login">;
  /** What was to be read again and had not been: it must not be trusted more after the restart than before it. */
  readonly doubts: readonly SliceKey[];
  /** Webhook deliveries up to here are reflected, in epoch milliseconds; `undefined` when nobody can say. */
  readonly sweptUntil: number | undefined;
  /** What the organization let the App see, as its session words it: under another grant other things are seen. */
  readonly grant: string | undefined;
}

/** Whose snapshot it is: the App's id, and the root of the GitHub API that it belongs to. */
export interface Identity {
  readonly appId: number;
  readonly apiUrl: string;
}
