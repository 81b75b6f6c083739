import { mayAnything } from "../../domain/anything.ts";
import type { View } from "../../domain/decide.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { PackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import { asServiceError } from "../../errors.ts";
import type { Names, PathQuestion } from "../../index-paths/read-path.ts";
import type { Asker } from "../decision/answer.ts";
import { askerOf, bearerOf, beforehand, wantedFrom, withSights } from "../decision/answer.ts";
import { circumstancesOf, subjectOf } from "../decision/bearer.ts";
import { parseAuthorization } from "../decision/credentials.ts";
import type { Identity } from "../decision/identity.ts";
import { identify } from "../decision/identity.ts";
import { authenticateClient } from "../decision/index-client.ts";
import type { Sights, Wanted } from "../decision/proof.ts";
import { MOST_LOOKS, prove } from "../decision/proof.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService, IndexClient } from "../service.ts";
import type { Dialect } from "./dialects.ts";
import { originalOf } from "./dialects.ts";
import { judgeListing, judgePackage, judgeUpload } from "./judge.ts";
import { rememberedPath } from "./remembered-paths.ts";
import { sendVerdict } from "./reply.ts";
import type { Sent } from "./sent.ts";
import { sentIn } from "./sent.ts";
import { hasBody, readUpload } from "./upload.ts";
import type { Verdict } from "./verdict.ts";
import { refusedFor } from "./verdict.ts";

/** `/authorize/{nginx|caddy|traefik|haproxy|envoy}`: may the request that a proxy holds back go on to its index? */
export function subrequest(service: HttpService, dialect: Dialect): Handler {
  return (exchange) => {
    const started = service.stopwatch();
    const { request, response, id } = exchange;
    // Authorization is the end user's here, whoever they are.
    const client = authenticateClient(service.clients, { "x-packgate-key": request.headers["x-packgate-key"] });
    const conclude: Conclude = (verdict, view) => {
      const { decision, reason, user, name, permission } = verdict;
      service.metrics.decided(decision, reason, (service.stopwatch() - started) / 1000);
      const revision = view?.revision;
      service.log.debug(
        {
          requestId: id,
          client: client.name,
          user: user?.id,
          package: name,
          action: permission,
          decision,
          reason,
          revision,
        },
        "decided",
      );
      sendVerdict(exchange, verdict, view);
    };
    /** What goes wrong is a refusal as well: nginx makes an error of its own of every other status. */
    const fail = (thrown: unknown): void => {
      const error = asServiceError(thrown);
      if (error.code === "internal") service.log.error({ requestId: id, err: error.cause }, "a request failed");
      if (!response.headersSent) conclude(refusedFor(error.code, error.message));
    };
    try {
      return respond(service, exchange, dialect, client, conclude)?.catch(fail);
    } catch (error) {
      return fail(error);
    }
  };
}

type Conclude = (verdict: Verdict, view?: View) => void;

function respond(
  service: HttpService,
  exchange: Exchange,
  dialect: Dialect,
  client: IndexClient,
  conclude: Conclude,
): void | Promise<void> {
  const held = heldBack(dialect, exchange);
  if ("reason" in held) return conclude(held);
  const { sent, question } = held;
  const organization = organizationFor(service, client, undefined);
  const credentials = parseAuthorization(sent.get("authorization"));
  const identified = () => identify(credentials, service.verifyToken, client.name, organization?.id);

  const circumstances = { index: client.name };

  // Each view is taken after the last await and never held over one. Nor is whose the token is: it may end meanwhile.
  const judgeAs = (settled: Identity, { judged, permission, names }: Asked): void | Promise<void> => {
    const finish = (asking: Identity, seen: Sights): void => {
      const view = organization?.view();
      if (view === undefined) conclude(NOT_SERVED);
      else conclude(judged(view, withSights(askerOf(view, asking), seen), circumstances), view);
    };
    return prove(settled, identified, wanted(organization?.view(), settled, permission, names, circumstances), finish);
  };
  const settle = (settled: Identity): void | Promise<void> => {
    const judge = (judged: Judge, permission: Permission, names?: readonly PackageName[]) =>
      judgeAs(settled, { judged, permission, names });
    if (question.kind === "listing") return judge(judgeListing, "read");
    if (question.kind === "package") {
      return judge(about(question.permission, question.names), question.permission, question.names);
    }
    const { name } = question;
    if (dialect.body === "none" || !hasBody(exchange)) {
      return name === undefined ? judge(judgeUpload, "upload") : judge(about("upload", [name]), "upload", [name]);
    }
    // Of those who may upload nothing, whatever their token, nothing is read.
    const view = organization?.view();
    const asker = view && askerOf(view, settled);
    const bearer = asker && bearerOf(asker);
    const mayUpload =
      view && bearer && mayAnything(view, subjectOf(view, bearer), "upload", circumstancesOf(bearer, circumstances));
    const early = asker && beforehand(asker, "upload");
    if (mayUpload?.outcome !== "allow" || early !== undefined) return judge(judgeUpload, "upload");
    return readUpload(exchange, dialect, sent, name).then(async (upload) => {
      const judged = "reason" in upload ? () => upload : about("upload", upload);
      const names = "reason" in upload ? [] : upload;
      return judgeAs(await identified(), { judged, permission: "upload", names });
    });
  };
  const identity = identified();
  return identity instanceof Promise ? identity.then(settle) : settle(identity);
}

/** What must be asked of GitHub, with the asker's own token, before the question can be answered. */
function wanted(
  view: View | undefined,
  settled: Identity,
  permission: Permission,
  names: readonly PackageName[] | undefined,
  circumstances: Circumstances,
): Wanted | undefined {
  if (view === undefined || view.policy.tokens.proof[permission] === "identity") return undefined;
  const questions = (names ?? [...view.claims.keys()]).map((name) => [permission, name] as const);
  const asker = askerOf(view, settled);
  if (names !== undefined) return wantedFrom(view, asker, questions, circumstances, MOST_LOOKS);
  const any = wantedFrom(view, asker, questions, circumstances);
  return any && { ...any, untilOne: MOST_LOOKS };
}

interface Asked {
  readonly judged: Judge;
  readonly permission: Permission;
  readonly names: readonly PackageName[] | undefined;
}

type Judge = (view: View, asker: Asker, circumstances: Circumstances) => Verdict;

const about =
  (permission: Permission, names: Names): Judge =>
  (view, asker, circumstances) =>
    judgePackage(view, asker, circumstances, permission, names);

const NOT_SERVED: Verdict = {
  decision: "unknown",
  reason: "not-synced",
  message: "this organization is not served yet; try again shortly",
};

/** What the proxy holds back, and what it is about; or why nobody could ever have it. */
function heldBack(dialect: Dialect, { request }: Exchange): Held | Verdict {
  const sent = sentIn(request);
  if ("reason" in sent) return sent;
  const original = originalOf(dialect, request, sent);
  if ("reason" in original) return original;
  const question = rememberedPath(original.method, original.target);
  return question.kind === "refused" ? refusedFor(question.reason, question.message) : { sent, question };
}

interface Held {
  readonly sent: Sent;
  readonly question: Exclude<PathQuestion, { kind: "refused" }>;
}
