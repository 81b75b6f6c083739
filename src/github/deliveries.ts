import { ZodError } from "zod";
import type { UserId } from "../domain/facts.ts";
import type { Installations } from "./installations.ts";
import { originOf } from "./plans/payload.ts";
import { isKnownEvent, PLANNERS } from "./webhooks.ts";

/** One webhook delivery, its signature already verified. */
export interface Delivery {
  readonly name: string;
  readonly payload: unknown;
}

/** What became of a delivery; a metric label. */
export type DeliveryResult = "applied" | "ignored" | "foreign" | "malformed";

export interface DeliveryOptions {
  readonly installations: Installations;
  /** Looks at the App's installations anew, in the background. */
  readonly refresh: () => void;
  readonly forgetUser: (user: UserId) => void;
}

/**
 * Follows deliveries. When it returns, everything a delivery takes away has been taken away;
 * what it adds is being read back.
 */
export function createDeliveries({
  installations,
  refresh,
  forgetUser,
}: DeliveryOptions): (delivery: Delivery) => DeliveryResult {
  return ({ name, payload }) => {
    if (!isKnownEvent(name)) return "ignored";
    try {
      const plan = PLANNERS[name](payload);
      const { organization } = originOf(payload);
      if (plan.forget !== undefined) forgetUser(plan.forget);
      if (plan.installation === "connected") refresh();
      if (organization === undefined) return "applied";
      const session = installations.find(organization);
      if (session === undefined) return plan.installation === "unchanged" ? "foreign" : "applied";
      if (plan.installation === "lost") {
        void installations.lose(
          organization,
          `GitHub says that the App no longer serves ${session.organization.login}: check its installation.`,
        );
      } else session.follow(plan);
      return "applied";
    } catch (error) {
      if (error instanceof ZodError) return "malformed";
      throw error;
    }
  };
}
