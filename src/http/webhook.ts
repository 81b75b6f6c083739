import { ServiceError } from "../errors.ts";
import { readBody, textOf } from "./body.ts";
import type { Exchange, Handler } from "./exchange.ts";
import { attempt, send } from "./exchange.ts";
import { isMediaType } from "./media-type.ts";
import type { Delivery, HttpService } from "./service.ts";

/** GitHub caps payloads at 25 MB (GitHub docs, "Webhook events and payloads"). */
const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;
const SIGNATURE = /^sha256=[0-9a-f]{64}$/i;
const ACCEPTED = JSON.stringify({ status: "accepted" });

/**
 * `POST /api/github/webhooks`: GitHub's deliveries. What is not signed is neither parsed nor logged; a delivery is
 * acknowledged once somebody has taken responsibility for it.
 */
export function webhook(service: HttpService): Handler {
  return (exchange) => {
    const { headers } = exchange.request;
    if (!isMediaType(headers["content-type"], "application/json")) {
      throw new ServiceError("unsupported_media_type", "Deliveries are application/json; set it in the GitHub App.");
    }
    const name = required(headers["x-github-event"], "X-GitHub-Event");
    const id = required(headers["x-github-delivery"], "X-GitHub-Delivery");
    const signature = headers["x-hub-signature-256"];
    // A signature that cannot be one costs us no reading.
    if (typeof signature !== "string" || !SIGNATURE.test(signature)) throw forged(service);
    readBody(exchange, MAX_DELIVERY_BYTES, (body) => {
      attempt(exchange, service.log, () => receive(service, exchange, { id, name, signature, body }));
    });
  };
}

interface Unverified {
  readonly id: string;
  readonly name: string;
  readonly signature: string;
  readonly body: Buffer;
}

async function receive(service: HttpService, exchange: Exchange, delivery: Unverified): Promise<void> {
  const { id, name, signature } = delivery;
  const body = textOf(delivery.body);
  if (body === undefined || !(await service.webhook.verify(body, signature))) throw forged(service);
  const result = (label: string): void => service.metrics.webhooks.inc({ event: name, result: label });
  const payload = payloadOf(body);
  if (payload === undefined) {
    result("malformed");
    throw new ServiceError("invalid_request", "The delivery is not a JSON object.");
  }
  try {
    await service.webhook.accept({ id, name, payload });
  } catch (cause) {
    result("failed");
    throw new ServiceError("internal", undefined, { cause });
  }
  result("accepted");
  send(exchange, 202, ACCEPTED);
}

/** The event's name is not counted: until the signature is good, anybody may have made it up. */
function forged({ metrics }: HttpService): ServiceError {
  metrics.webhooks.inc({ event: "unverified", result: "invalid_signature" });
  return new ServiceError("invalid_signature");
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
