import type { ApplicationFunction } from "probot";
import type { Delivery } from "./deliveries.ts";

/**
 * The Probot application: every event goes to `deliver`, which enqueues and returns. Nothing slow happens here,
 * because GitHub gives up on a delivery after ten seconds.
 */
export function packgateApp(deliver: (delivery: Delivery) => void): ApplicationFunction {
  return (app) => {
    app.onAny(({ name, payload }) => deliver({ name, payload }));
  };
}
