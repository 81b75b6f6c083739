import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { ApplicationFunction } from "probot";
import type { Delivery } from "./deliveries.ts";

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
 * Whether Probot can be handed a delivery. GitHub's signature vouches for its being an event; that its payload has
 * the shape we need is checked again where it is read.
 */
export function isWebhookEvent(delivery: {
  readonly id: string;
  readonly name: string;
  readonly payload: object;
}): delivery is EmitterWebhookEvent {
  return delivery.id !== "" && delivery.name !== "";
}
