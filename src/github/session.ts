import type { View } from "../domain/decide.ts";
import type { Organization, UserId } from "../domain/facts.ts";
import type { PackageName } from "../domain/package-name.ts";
import { slicesBehind } from "../state/behind.ts";
import type { SliceKey } from "../state/slice.ts";
import { confirmedBefore } from "../state/due.ts";
import { isSliceKey, SHARED_KINDS } from "../state/slice.ts";
import type { Store } from "../state/store.ts";
import type { Attachment } from "./attachment.ts";
import { attach } from "./attachment.ts";
import { createConfirmation } from "./confirmation.ts";
import type { Grant } from "./grant.ts";
import type { Plan } from "./plans/plan.ts";
import { policyIn } from "./plans/plan.ts";
import type { SessionStatus } from "./reconciler-status.ts";
import { DISCONNECTED } from "./reconciler-status.ts";
import type { Resumed, SessionOptions } from "./session-options.ts";
import type { Trust } from "./serving.ts";
import { createServing } from "./serving.ts";
import { createOwed } from "./owed.ts";
import { createWithheld } from "./withheld.ts";

/** One organization that is served: its state and whatever keeps it true. */
export interface Session {
  readonly organization: Pick<Organization, "id" | "login">;
  readonly store: Store;
  /** What may be served at this moment. */
  readonly view: () => View;
  /**
   * Waits until what somebody may do to a package rests on facts from a moment or later; two seconds at most.
   *
   * @param since epoch milliseconds
   */
  readonly confirm: (user: UserId | undefined, name: PackageName, since: number) => Promise<void>;
  /** How far what is known from before the start may be served. */
  readonly trust: (trust: Trust) => void;
  /** Nobody can say what has happened since: serves nothing before everything has been read again. */
  readonly distrust: () => void;
  /** What a later process has to know to go on from here. */
  readonly saved: () => Resumed;
  /**
   * Reads everything and keeps it true from then on. Does nothing when it already does so by this very grant; another
   * one (the App was installed anew, or given other permissions) shows other things, so all is read again.
   */
  readonly connect: (grant: Grant) => void;
  /** The installation is gone: answers `unknown` from now on. */
  readonly disconnect: () => void;
  /** Reads nothing more; answers from what is known. */
  readonly stop: () => void;
  /**
   * Applies what a webhook means. When it returns, everything it takes away has been taken away.
   *
   * @param at when GitHub told of it, epoch milliseconds
   */
  readonly follow: (plan: Plan, at: number) => void;
  /** Something changed, and nobody knows what: reads everything again. */
  readonly recheck: () => void;
  /** Frees names whose retirement is over. */
  readonly expire: () => void;
  readonly idle: () => Promise<void>;
  /** By which installation it is being read; `undefined` when by none. */
  readonly installation: () => number | undefined;
  readonly status: () => SessionStatus;
}

export function createSession(options: SessionOptions): Session {
  const { organization, store, maxStaleness, resumed, policyRepository, time } = options;
  let current: Attachment | undefined;
  const facts = () => store.view().facts;
  const serving = createServing({
    view: store.view,
    trust: resumed === undefined ? "everything" : "nothing",
    maxStaleness,
    now: time.now,
  });
  const owed = createOwed(resumed?.doubts ?? []);
  const confirmation = createConfirmation(facts, time);
  const withheld = createWithheld();
  let readBy = resumed?.grant;
  let drift = 0;
  const onDrift: SessionOptions["onDrift"] = (keys) => {
    drift += keys.length;
    options.onDrift(keys);
  };

  /** Since when everything has been read once: doubts from before that answer no webhook. Epoch milliseconds. */
  let servingSince: number | undefined;
  const apply: Store["apply"] = (slices) => {
    const applied = store.apply(slices);
    if (store.view().ready) servingSince ??= time.now();
    options.onApplied(store.view());
    confirmation.applied();
    return applied;
  };
  const onSettled = (milliseconds: number): void => {
    if (servingSince !== undefined && time.now() - milliseconds >= servingSince) options.onSettled(milliseconds);
  };

  const stop = (): void => {
    if (current !== undefined) owed.add(doubts());
    current?.stop();
    current = undefined;
  };

  const everything = (): SliceKey[] => [...new Set([...SHARED_KINDS, ...confirmedBefore(facts(), Infinity)])];
  const recheck = (): void => {
    if (current === undefined) owed.add(everything());
    else current.reconciler.hint(everything());
  };

  const doubts = (): SliceKey[] => {
    const raised = current?.reconciler.status().doubts ?? [];
    const slices = raised.filter(isSliceKey);
    // Whom to ask about is not kept, only what: then it may be anything.
    const unknown = slices.length < raised.length || owed.people();
    return unknown ? everything() : [...new Set([...owed.keys(), ...slices])];
  };

  return {
    organization,
    store,
    connect: ({ installation, login, permissions }) => {
      const grant = JSON.stringify({ installation, login, permissions });
      if (current?.grant === grant) return;
      // What happened between two installations nobody was told, so of what another process has read nothing is served.
      if (current === undefined && readBy !== undefined && readBy !== grant) store.forget();
      stop();
      const { missing } = store;
      const hearing = { apply, withheld, missing, onSettled, onDrift };
      current = attach({ ...options, ...hearing, grant, installation, view: store.view });
      // What another grant showed may be hidden from this one, and the other way round.
      if (readBy !== grant) owed.add(everything());
      owed.pay(current.reconciler);
      readBy = grant;
      current.begin();
    },
    disconnect: () => {
      stop();
      store.forget();
      readBy = undefined;
      servingSince = undefined;
      options.onApplied(store.view());
    },
    view: serving.view,
    confirm: async (user, name, since) => {
      const view = store.view();
      if (current === undefined) return;
      await confirmation.wait(slicesBehind(view, user, view.claims.get(name)?.repository), since, current.reconciler);
    },
    trust: serving.trust,
    distrust: () => {
      store.forget();
      serving.trust("everything");
      recheck();
    },
    saved: () => ({ grant: readBy, doubts: doubts() }),
    stop,
    follow: ({ revoke, reread, discover, repositories }, at) => {
      for (const revocation of revoke) withheld.add(revocation, at, facts());
      const policy = policyIn(repositories, policyRepository);
      const keys = [...new Set([...revoke.flatMap((revocation) => store.revoke(revocation)), ...reread, ...policy])];
      options.onFollowed();
      const reconciler = current?.reconciler;
      if (reconciler === undefined) {
        owed.add(keys, discover);
        return;
      }
      reconciler.follow(keys);
      if (revoke.some(({ kind }) => REACHES_FAR.has(kind)) || discover.length > 0) reconciler.unsettle();
      reconciler.discover(discover);
    },
    recheck,
    expire: () => {
      const keys = store.expire();
      current?.reconciler.hint(keys);
    },
    idle: async () => current?.reconciler.idle(),
    installation: () => current?.installation,
    status: () => ({ ...(current?.reconciler.status() ?? DISCONNECTED), drift }),
  };
}

/** What may be in any team's members, or in any repository's access. */
const REACHES_FAR: ReadonlySet<string> = new Set(["member", "blocked", "team"]);
