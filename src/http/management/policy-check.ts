import type { View } from "../../domain/decide.ts";
import { differenceOf } from "../../domain/difference.ts";
import { publisherChanges } from "../../domain/publisher-changes.ts";
import type { Steps } from "../../domain/steps.ts";
import { parsePolicy } from "../../policy/parse.ts";
import { strangersIn } from "../../policy/strangers.ts";
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
import { inSlices } from "../slices.ts";
import { completeView } from "../trusted-view.ts";
import { turns } from "../turns.ts";

/** More than anybody reads; the rest is counted. */
const MAX_CHANGES = 1000;
/** How many comparisons may wait for the one under way: who waits behind more gives up before it is answered. */
const MAX_WAITING = 4;
const FILE = "packgate.toml";

/** `POST /policy/check`: who would gain and who would lose what under a policy that is not in force. Changes nothing. */
export function policyCheck(service: HttpService): Handler {
  const { clients, log, clock, stopwatch } = service;
  const names = clients.map(({ name }) => name);
  // One at a time: each takes as much memory as the organization itself, and a turn of everybody's.
  const inTurn = turns(MAX_WAITING);
  return (exchange) => {
    const client = authenticateClient(clients, exchange.request.headers);
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, log, () => {
        const { org, policy } = parseJson(PolicyCheckRequest, body);
        const organization = organizationFor(service, client, org);
        const { socket } = exchange.request;
        return inTurn(socket, async () => {
          const comparison = compared(completeView(organization), policy, { index: client.name, names, now: clock() });
          const reply = await inSlices(comparison, stopwatch, () => !socket.destroyed);
          if (reply !== undefined) send(exchange, 200, JSON.stringify(reply));
        });
      });
    });
  };
}

interface Asking {
  /** The index client that asks. */
  readonly index: string;
  /** All that there are. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

function* compared(view: View, text: string, { index, names, now }: Asking): Steps<PolicyCheckReply> {
  const org = view.organization.login;
  const parsed = parsePolicy(text, FILE);
  if ("faults" in parsed) return { org, valid: false, faults: parsed.faults };
  const { before, after } = yield* foresee(view, parsed.policy, now);
  const { gained, lost, unknown, changes } = yield* differenceOf(before, after, MAX_CHANGES, { index });
  const publishers = yield* publisherChanges(before, after);
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
    unforeseen: unforeseen(before, parsed.policy),
    strangers: strangersIn(after, names),
  };
}
