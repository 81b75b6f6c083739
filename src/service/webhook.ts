import type { Config } from "../config.ts";
import { isWebhookEvent } from "../github/app.ts";
import type { Connection } from "../github/connection.ts";
import { signatureCheck } from "../github/signature.ts";
import type { Followed } from "../github/sweep/followed.ts";
import type { WebhookPort } from "../http/service.ts";
import type { Metrics } from "../metrics.ts";
import type { Tokens } from "./tokens.ts";

export interface WebhookOptions {
  readonly connection: Pick<Connection, "probot">;
  readonly tokens: Pick<Tokens, "kept">;
  readonly followed: Pick<Followed, "add">;
  readonly metrics: Pick<Metrics, "webhooks">;
}

/** Takes GitHub's deliveries: by whom they are signed, and what becomes of them. */
export function webhookPort(
  { webhookSecret, webhookSecretPrevious }: Config,
  { connection, tokens, followed, metrics }: WebhookOptions,
): WebhookPort {
  return {
    verify: signatureCheck([webhookSecret, webhookSecretPrevious]),
    accept: async (delivery) => {
      if (!isWebhookEvent(delivery)) {
        metrics.webhooks.inc({ event: "other", result: "ignored" });
        return;
      }
      await connection.probot.receive(delivery);
      // What a restart would forget, the next process must find in GitHub's log.
      if (await tokens.kept()) followed.add(delivery.id);
    },
  };
}
