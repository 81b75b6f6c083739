import { ZodError } from "zod";
import type { UserId } from "../domain/facts.ts";
import type { Installations } from "./installations.ts";
import { organizationOf } from "./plans/payload.ts";
import type { Plan } from "./plans/plan.ts";
import { isKnownEvent, PLANNERS } from "./webhooks.ts";

/** One webhook delivery, its signature already verified. */
export interface Delivery {
  readonly name: string;
  readonly payload: unknown;
  /** When GitHub delivered it, epoch milliseconds; just now, unless it is found in the log later. */
  readonly at?: number;
}

/** By how much GitHub's clock, which says when it delivered something, may be behind ours. */
const MOST_SKEW_MS = 60_000;

/** What became of a delivery; a metric label. */
export type DeliveryResult = "applied" | "ignored" | "foreign" | "malformed";

export interface DeliveryOptions {
  readonly installations: Installations;
  /** Looks at the App's installations anew, in the background. */
  readonly refresh: () => void;
  readonly forgetUser: (user: UserId) => void;
  /** @param until what was made later than this, in epoch milliseconds, lives on */
  readonly endLogins: (user: UserId, until: number) => void;
  readonly warn: (sentence: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Follows deliveries. When it returns, everything a delivery takes away has been taken away;
 * what it adds is being read back.
 */
export function createDeliveries({
  installations,
  refresh,
  forgetUser,
  endLogins,
  warn,
  now,
}: DeliveryOptions): (delivery: Delivery) => DeliveryResult {
  const follow = (plan: Plan, payload: unknown, at: number): DeliveryResult => {
    if (plan.forget !== undefined) forgetUser(plan.forget);
    if (plan.endLogins !== undefined) endLogins(plan.endLogins, Math.min(at + MOST_SKEW_MS, now()));
    const organization = organizationOf(payload);
    const session = organization === undefined ? undefined : installations.find(organization);
    if (session === undefined) {
      if (plan.installation !== "unchanged") refresh();
      return organization === undefined || plan.installation !== "unchanged" ? "applied" : "foreign";
    }
    if (plan.installation === "lost") {
      const { login } = session.organization;
      const why = `GitHub says that the App no longer serves ${login}: check its installation.`;
      installations.lose(session.organization.id, why);
    } else session.follow(plan, at);
    // Events have no order: which of "lost" and "connected" is the last word, GitHub's list of installations tells.
    if (plan.installation !== "unchanged") refresh();
    return "applied";
  };

  // It may have taken something away, so nothing may be believed any longer than it takes to read it again.
  const misread = (name: string, payload: unknown, { issues }: ZodError): DeliveryResult => {
    const organization = organizationOf(payload);
    for (const session of installations.sessions()) {
      if (organization === undefined || session.organization.id === organization) session.recheck();
    }
    const where = issues[0]?.path.join(".") ?? "";
    warn(`A webhook "${name}" has an unexpected shape at "${where}": everything is read again instead.`);
    return "malformed";
  };

  return ({ name, payload, at = Infinity }) => {
    if (!isKnownEvent(name)) return "ignored";
    try {
      return follow(PLANNERS[name](payload), payload, Math.min(at, now()));
    } catch (error) {
      if (error instanceof ZodError) return misread(name, payload, error);
      throw error;
    }
  };
}
