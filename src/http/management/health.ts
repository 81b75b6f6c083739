import type { Handler } from "../exchange.ts";
import { headersFor, send } from "../exchange.ts";
import type { ReadyReply } from "../contract/replies.ts";
import type { HttpService } from "../service.ts";

/** `GET /healthz`: 200 while the process lives. Says nothing about GitHub, or an outage there would restart us. */
export function healthz({ info }: HttpService): Handler {
  const body = JSON.stringify({ status: "ok", version: info.version });
  return (exchange) => send(exchange, 200, body);
}

/** `GET /readyz`: 200 when decisions are served, else 503 and why. */
export function readyz({ readiness }: HttpService): Handler {
  return (exchange) => {
    const { ready, orgs, deliveries, problems } = readiness();
    const { lastSweepAt, lastDeliveryAt, failedDeliveries } = deliveries;
    const status = ready ? 200 : 503;
    const reply: ReadyReply = {
      ready,
      orgs: orgs.map((org) => ({ ...org, asOf: dated(org.asOf) })),
      deliveries: { lastSweepAt: dated(lastSweepAt), lastDeliveryAt: dated(lastDeliveryAt), failedDeliveries },
      problems,
    };
    send(exchange, status, JSON.stringify(reply), headersFor(status));
  };
}

function dated(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

/** `GET /openapi.json`, made when somebody first wants it: most servers are never asked, and all of them start. */
export function openApi({ info }: HttpService): Handler {
  let document: Promise<string> | undefined;
  return async (exchange) => {
    document ??= import("../contract/openapi.ts").then(({ renderOpenApi }) => renderOpenApi(info.publicUrl));
    send(exchange, 200, await document);
  };
}
