import { ServiceError } from "../errors.ts";
import type { Quota } from "./body.ts";
import { readBody, refusedByLength, textOf } from "./body.ts";
import type { Exchange, Handler } from "./exchange.ts";
import { attempt, send } from "./exchange.ts";
import { isMediaType } from "./media-type.ts";
import type { Delivery, HttpService } from "./service.ts";

/** GitHub caps payloads at 25 MB (GitHub docs, "Webhook events and payloads"). */
const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;
/** What all deliveries together may make us keep before we know that they are GitHub's. */
const MAX_UNVERIFIED_BYTES = 64 * 1024 * 1024;
const SIGNATURE = /^sha256=[0-9a-f]{64}$/i;
const ACCEPTED = JSON.stringify({ status: "accepted" });

/**
 * `POST /api/github/webhooks`: GitHub's deliveries. What is not signed is neither parsed nor logged; a delivery is
 * acknowledged once somebody has taken responsibility for it.
 */
export function webhook(service: HttpService): Handler {
  const unverified = quotaOf(MAX_UNVERIFIED_BYTES);
  return (exchange) => {
    const { headers } = exchange.request;
    if (refusedByLength(exchange, MAX_DELIVERY_BYTES)) return;
    const signature = headers["x-hub-signature-256"];
    // A signature that cannot be one costs us no reading.
    if (typeof signature !== "string" || !SIGNATURE.test(signature)) throw forged(service);
    if (!isMediaType(headers["content-type"], "application/json")) {
      throw new ServiceError("unsupported_media_type", "Deliveries are application/json; set it in the GitHub App.");
    }
    const name = required(headers["x-github-event"], "X-GitHub-Event");
    const id = required(headers["x-github-delivery"], "X-GitHub-Delivery");
    const use = (body: Buffer): void => {
      attempt(exchange, service.log, () => receive(service, exchange, unverified, { id, name, signature, body }));
    };
    readBody(exchange, MAX_DELIVERY_BYTES, use, unverified);
  };
}

interface Unverified {
  readonly id: string;
  readonly name: string;
  readonly signature: string;
  readonly body: Buffer;
}

async function receive(service: HttpService, exchange: Exchange, quota: Quota, delivery: Unverified): Promise<void> {
  const { id, name } = delivery;
  const body = await verified(service, delivery).finally(() => quota.give(delivery.body.length));
  const payload = payloadOf(body);
  if (payload === undefined) {
    count(service, "malformed");
    throw new ServiceError("invalid_request", "The delivery is not a JSON object.");
  }
  try {
    await service.webhook.accept({ id, name, payload });
  } catch (cause) {
    count(service, "failed");
    throw new ServiceError("internal", undefined, { cause });
  }
  send(exchange, 202, ACCEPTED);
}

async function verified(service: HttpService, { body, signature }: Unverified): Promise<string> {
  const text = textOf(body);
  if (text === undefined || !(await service.webhook.verify(text, signature))) throw forged(service);
  return text;
}

function quotaOf(bytes: number): Quota {
  let left = bytes;
  return {
    take: (wanted) => {
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
    give: (returned) => {
      left += returned;
    },
  };
}

function forged(service: HttpService): ServiceError {
  count(service, "invalid_signature");
  return new ServiceError("invalid_signature");
}

/**
 * Counts a delivery that never reaches whoever follows it and counts the others. The event's name is a header, which
 * no signature covers: as a label it would let a stranger make series without end.
 */
function count({ metrics }: HttpService, result: string): void {
  metrics.webhooks.inc({ event: "unknown", result });
}

function payloadOf(body: string): Delivery["payload"] | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function required(value: string | string[] | undefined, header: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ServiceError("invalid_request", `The header ${header} is missing.`);
}
