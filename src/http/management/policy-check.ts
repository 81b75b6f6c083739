import type { View } from "../../domain/decide.ts";
import { differenceOf } from "../../domain/difference.ts";
import { publisherChanges } from "../../domain/publisher-changes.ts";
import { ServiceError } from "../../errors.ts";
import { parsePolicy } from "../../policy/parse.ts";
import { foresee, unforeseen } from "../../state/foresee.ts";
import { MAX_BODY_BYTES, readBody } from "../body.ts";
import type { PolicyCheckReply } from "../contract/policy-replies.ts";
import { PolicyCheckRequest } from "../contract/requests.ts";
import { authenticateClient } from "../decision/index-client.ts";
import type { Handler } from "../exchange.ts";
import { attempt, send } from "../exchange.ts";
import { parseJson } from "../json.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService } from "../service.ts";

/** More than anybody reads; the rest is counted. */
const MAX_CHANGES = 1000;
const FILE = "packgate.toml";

/** `POST /policy/check`: who would gain and who would lose what under a policy that is not in force. Changes nothing. */
export function policyCheck(service: HttpService): Handler {
  return (exchange) => {
    const client = authenticateClient(service.clients, exchange.request.headers);
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, service.log, () => {
        const { org, policy } = parseJson(PolicyCheckRequest, body);
        const view = organizationFor(service, client, org)?.view();
        if (view?.ready !== true)
          throw new ServiceError("unavailable", "Not everything has been read from GitHub yet.");
        send(exchange, 200, JSON.stringify(compared(view, policy, client.name, service.clock())));
      });
    });
  };
}

function compared(view: View, text: string, index: string, now: number): PolicyCheckReply {
  const org = view.organization.login;
  const parsed = parsePolicy(text, FILE);
  if ("faults" in parsed) return { org, valid: false, faults: parsed.faults };
  const after = foresee(view, parsed.policy, now);
  const { gained, lost, unknown, changes } = differenceOf(view, after, MAX_CHANGES, { index });
  const publishers = publisherChanges(view, after);
  return {
    org,
    valid: true,
    index,
    gained,
    lost,
    unknown,
    changes: changes.map(({ user, name, permission, effect }) => ({
      user: user ?? null,
      package: name,
      action: permission,
      effect,
    })),
    omitted: gained + lost - changes.length,
    publishers: publishers.slice(0, MAX_CHANGES),
    publishersOmitted: Math.max(0, publishers.length - MAX_CHANGES),
    unforeseen: unforeseen(view, parsed.policy),
  };
}
