import type { AuthorizeReply } from "../contract/replies.ts";
import type { Exchange } from "../exchange.ts";
import type { HttpService, IndexClient } from "../service.ts";

/** Counts a decision and writes it down. @param started by the service's stopwatch */
export function noteDecision(
  { metrics, log, stopwatch }: Pick<HttpService, "metrics" | "log" | "stopwatch">,
  { id }: Pick<Exchange, "id">,
  client: IndexClient,
  { decision, reason, user, package: { name }, action, revision }: AuthorizeReply,
  started: number,
): void {
  metrics.decided(decision, reason, (stopwatch() - started) / 1000);
  log.debug(
    { requestId: id, client: client.name, user: user?.id, package: name, action, decision, reason, revision },
    "decided",
  );
}
