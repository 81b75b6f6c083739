import type { View } from "../domain/decide.ts";
import type { Organization } from "../domain/facts.ts";
import type { SliceKey } from "../state/slice.ts";
import type { Store } from "../state/store.ts";
import type { Attaching } from "./attachment.ts";

/** What a session that goes on from a snapshot has to know besides the facts. */
export interface Resumed {
  /** By which grant the facts were read. */
  readonly grant: string | undefined;
  /** What was to be read again, and had not been. */
  readonly doubts: readonly SliceKey[];
}

/** What a session is made of, and who is told of what happens to it. */
export interface SessionOptions extends Attaching {
  readonly organization: Pick<Organization, "id" | "login">;
  readonly store: Store;
  /** Milliseconds after which a fact that was not confirmed again is believed no more. */
  readonly maxStaleness: number;
  /** The store holds facts from before this process: nothing of them is served until the session is told to trust them. */
  readonly resumed: Resumed | undefined;
  /** In which repository the policy is kept, in lower case; `undefined`: in none. */
  readonly policyRepository: string | undefined;
  /** What is known has changed, or was confirmed. */
  readonly onApplied: (view: View) => void;
  /** A webhook took something away, or put it in doubt: that must be remembered. Called often. */
  readonly onFollowed: () => void;
  /** A change that a webhook told of is in force. @param milliseconds since the webhook */
  readonly onSettled: (milliseconds: number) => void;
}
