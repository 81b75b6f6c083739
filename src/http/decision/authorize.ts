import { MAX_BODY_BYTES, readBody } from "../body.ts";
import type { AuthorizeReply } from "../contract/replies.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { attempt, headersFor, send } from "../exchange.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService, IndexClient, ServedOrganization } from "../service.ts";
import { answer, askerOf, blank, wantedFrom, withSights } from "./answer.ts";
import { identify } from "./identity.ts";
import type { Sights } from "./proof.ts";
import { prove } from "./proof.ts";
import { authenticateClient } from "./index-client.ts";
import { noteDecision } from "./note.ts";
import type { AuthorizeQuestion } from "./question.ts";
import { parseQuestion } from "./question.ts";

/** `POST /authorize`: may this user do this to that package? */
export function authorize(service: HttpService): Handler {
  return (exchange) => {
    const started = service.stopwatch();
    const client = authenticateClient(service.clients, exchange.request.headers);
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, service.log, () => respond(service, exchange, client, parseQuestion(body), started));
    });
  };
}

function respond(
  service: HttpService,
  exchange: Exchange,
  client: IndexClient,
  question: AuthorizeQuestion,
  started: number,
): void | Promise<void> {
  const organization = organizationFor(service, client, question.org);
  const { claimant } = question;
  const identified = (): Settled | Promise<Settled> =>
    claimant.kind === "vouched"
      ? { status: "vouched", user: claimant.user }
      : identify(claimant, service.verifyToken, client.name, organization?.id);

  // Nothing is awaited from here on: one request sees one state.
  const finish = (settled: Settled, seen: Sights): void => {
    const view = organization?.view();
    const reply =
      view === undefined
        ? blank(undefined, question, "unknown", "not-synced", "this organization is not served yet; try again shortly")
        : answer(view, question, withSights(askerOf(view, settled), seen), { index: client.name });
    noteDecision(service, exchange, client, reply, started);
    const status = statusOf(reply);
    send(exchange, status, JSON.stringify(reply), headersFor(status));
  };
  const proveAndFinish = (settled: Settled): void | Promise<void> => {
    const view = organization?.view();
    const wanted =
      view && wantedFrom(view, askerOf(view, settled), [[question.permission, question.name]], { index: client.name });
    return prove(settled, identified, wanted, finish);
  };
  const identity = identified();
  const { minAsOf } = question;
  // The token may end while newer facts are waited for, too.
  if (minAsOf !== undefined && organization !== undefined)
    return confirm(organization, question, minAsOf, identity).then(identified).then(proveAndFinish);
  return identity instanceof Promise ? identity.then(proveAndFinish) : proveAndFinish(identity);
}

type Settled = Parameters<typeof askerOf>[1];

/** Whoever asks for newer facts than ours waits until they have been read, though not for long. */
async function confirm(
  { view, confirm: wait }: ServedOrganization,
  { name }: AuthorizeQuestion,
  minAsOf: number,
  identity: Settled | Promise<Settled>,
): Promise<void> {
  const asker = askerOf(view(), await identity);
  await wait(asker.kind === "person" ? asker.user.id : undefined, name, minAsOf);
}

function statusOf({ decision, reason }: AuthorizeReply): number {
  if (decision === "allow") return 200;
  if (decision === "unknown") return 503;
  return UNIDENTIFIED.has(reason) ? 401 : 403;
}

/** Refusals for want of an identity; the client may try again with other credentials. */
export const UNIDENTIFIED: ReadonlySet<string> = new Set<AuthorizeReply["reason"]>([
  "missing-credentials",
  "invalid-token",
  "username-mismatch",
]);
