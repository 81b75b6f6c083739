import { isoTime, type Json } from "../resources/account.ts";
import type { Attempt } from "../webhooks/hook.ts";
import { ApiError, type Call, integer, notFound, type Reply, type Route } from "./route.ts";

/** The App's webhook: its configuration, and the log of deliveries, newest first. */
export const hookRoutes: Route[] = [
  {
    method: "GET",
    path: "/app/hook/config",
    audience: "app",
    answer: () => {
      const config = { content_type: "json", insecure_ssl: "0", secret: "********" };
      return { status: 200, body: { ...config, url: "https://packgate.example/api/github/webhooks" } };
    },
  },
  { method: "GET", path: "/app/hook/deliveries", audience: "app", answer: listDeliveries },
  {
    method: "GET",
    path: "/app/hook/deliveries/{delivery_id}",
    audience: "app",
    answer: (call) => {
      const attempt = find(call);
      const response = { headers: {}, payload: attempt.status === "OK" ? "ok" : "" };
      const request = { headers: attempt.headers, payload: attempt.payload };
      return {
        status: 200,
        body: { ...item(attempt), url: "https://packgate.example/api/github/webhooks", request, response },
      };
    },
  },
  {
    method: "POST",
    path: "/app/hook/deliveries/{delivery_id}/attempts",
    audience: "app",
    answer: (call) => {
      if (!call.hook.redeliver(find(call).id)) throw notFound();
      return { status: 202, body: {} };
    },
  },
];

function listDeliveries(call: Call): Reply {
  const perPage = Math.min(100, Number(call.query.get("per_page") ?? 30) || 30);
  const cursor = call.query.get("cursor");
  const before = cursor === null ? Number.POSITIVE_INFINITY : Number(/^v1_(\d+)$/.exec(cursor)?.[1]);
  if (Number.isNaN(before)) throw new ApiError(400, "Invalid cursor");
  const status = call.query.get("status");
  const retained = call.now - 3 * 24 * 3_600_000;
  const matching = call.hook.log
    .filter((each) => each.id < before && each.deliveredAt >= retained)
    .filter((each) => status === null || (status === "success") === (each.status === "OK"))
    .toReversed();
  const page = matching.slice(0, perPage);
  const last = page.at(-1);
  const headers: Record<string, string> = {};
  if (last !== undefined && matching.length > perPage) {
    const query = new URLSearchParams(call.query);
    query.set("cursor", `v1_${last.id}`);
    headers["link"] = `<${call.base}/app/hook/deliveries?${query.toString()}>; rel="next"`;
  }
  return { status: 200, body: page.map(item), headers };
}

function find(call: Call): Attempt {
  const id = integer(call, "delivery_id");
  const attempt = call.hook.log.find((each) => each.id === id);
  if (attempt === undefined) throw notFound();
  return attempt;
}

function item(attempt: Attempt): Json {
  return {
    id: attempt.id,
    guid: attempt.guid,
    delivered_at: isoTime(attempt.deliveredAt),
    redelivery: attempt.redelivery,
    duration: attempt.duration,
    status: attempt.status,
    status_code: attempt.statusCode,
    event: attempt.event,
    action: attempt.action,
    installation_id: attempt.installationId,
    repository_id: attempt.repositoryId,
    throttled_at: null,
  };
}
