import { ServiceError } from "../../errors.ts";
import type { Configuration } from "../contract/authzen.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";

/** `GET /.well-known/authzen-configuration`: where everything is, from where the world or else the caller sees it. */
export function configuration({ info }: HttpService): Handler {
  return (exchange) => {
    const base = info.publicUrl?.replace(/\/+$/, "") ?? addressOf(exchange.request.headers.host);
    const reply: Configuration = {
      policy_decision_point: base,
      access_evaluation_endpoint: `${base}/access/v1/evaluation`,
      access_evaluations_endpoint: `${base}/access/v1/evaluations`,
      search_subject_endpoint: `${base}/access/v1/search/subject`,
      search_resource_endpoint: `${base}/access/v1/search/resource`,
      search_action_endpoint: `${base}/access/v1/search/action`,
    };
    send(exchange, 200, JSON.stringify(reply));
  };
}

function addressOf(host = ""): string {
  try {
    return new URL(`http://${host}`).origin;
  } catch {
    throw new ServiceError("invalid_request", "The Host header is no host; set PACKGATE_PUBLIC_URL.");
  }
}
