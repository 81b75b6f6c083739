import { createHmac, randomUUID } from "node:crypto";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";

/** Sends a webhook as GitHub would. @returns the status of the answer */
export async function sendSigned(url: string, event: string, payload: unknown): Promise<number> {
  const body = JSON.stringify(payload);
  const response = await fetch(`${url}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${createHmac("sha256", WEBHOOK_SECRET).update(body).digest("hex")}`,
    },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}
