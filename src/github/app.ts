import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { ApplicationFunction } from "probot";
import type { Delivery } from "./deliveries.ts";
import { isKnownEvent } from "./webhooks.ts";

/**
 * The Probot application: every event goes to `deliver`, which takes away what is to be taken away, queues what is
 * to be read, and returns. Nothing slow happens here, because GitHub gives up on a delivery after ten seconds.
 */
export function packgateApp(deliver: (delivery: Delivery) => void): ApplicationFunction {
  return (app) => {
    app.onAny(({ name, payload }) => deliver({ name, payload }));
  };
}

/**
 * Whether a delivery is an event that means something to us, and so may be handed to Probot. Its name is a header that
 * no signature covers; that the payload has the shape we need is checked where it is read.
 */
export function isWebhookEvent(delivery: {
  readonly id: string;
  readonly name: string;
  readonly payload: object;
}): delivery is EmitterWebhookEvent {
  return isKnownEvent(delivery.name);
}
