import { z } from "zod";
import type { Client } from "../client.ts";
import type { Delivery, DeliveryResult } from "../deliveries.ts";
import { GitHubFailure } from "../failure.ts";
import type { Attempt } from "./log.ts";

export interface FollowOptions {
  readonly app: Pick<Client, "get">;
  /** Follows a delivery as if it had come as a webhook. */
  readonly deliver: (delivery: Delivery) => DeliveryResult;
  /** @param cause what was thrown, when nobody expected it */
  readonly warn: (sentence: string, cause?: unknown) => void;
}

/** https://docs.github.com/rest/apps/webhooks#get-a-delivery-for-an-app-webhook */
const details = z.object({
  guid: z.string(),
  request: z.object({ payload: z.record(z.string(), z.unknown()).nullable() }),
});

/** Requests at once: enough to be quick, few enough not to be in the way. */
const CONCURRENCY = 8;

/**
 * Fetches what deliveries said and follows them.
 *
 * @returns those that could not be followed, because GitHub does not show them or following them failed
 */
export async function followAll(missed: readonly Attempt[], options: FollowOptions): Promise<Attempt[]> {
  const { app, deliver, warn } = options;
  const unfollowed: Attempt[] = [];
  let away = false;

  const payloadOf = async ({ id, guid }: Attempt): Promise<unknown> => {
    if (away) return undefined;
    try {
      const found = await app.get("GET /app/hook/deliveries/{delivery_id}", { delivery_id: id }, details);
      // Ids are 64 bits wide; one that JSON has rounded may be another delivery's.
      return found.guid === guid ? found.request.payload : undefined;
    } catch (error) {
      if (!(error instanceof GitHubFailure)) throw error;
      // Whatever keeps GitHub from answering, asking hundreds of times more will not help it.
      if (error.kind !== "gone") away = true;
      return undefined;
    }
  };

  const follow = async (attempt: Attempt): Promise<boolean> => {
    const payload = await payloadOf(attempt);
    if (typeof payload !== "object" || payload === null) return false;
    try {
      // What cannot be understood may have taken anything away.
      return deliver({ name: attempt.event, payload, at: attempt.deliveredAt }) !== "malformed";
    } catch (error) {
      warn(`A missed webhook "${attempt.event}" could not be followed: its organization is read again.`, error);
      return false;
    }
  };

  const queue = missed.values();
  const work = async (): Promise<void> => {
    for (const attempt of queue) if (!(await follow(attempt))) unfollowed.push(attempt);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return unfollowed;
}
