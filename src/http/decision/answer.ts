import type { Decision, View } from "../../domain/decide.ts";
import { evidenceOf } from "../../domain/evidence.ts";
import { explain } from "../../domain/explain.ts";
import type { UserId } from "../../domain/facts.ts";
import type { Circumstances } from "../../domain/judge.ts";
import { repositoryOf } from "../../domain/phrases.ts";
import type { Permission } from "../../domain/roles.ts";
import { resolveUser } from "../../state/directory.ts";
import type { AuthorizeReply } from "../contract/replies.ts";
import type { TokenIdentity } from "../service.ts";
import type { Bearer } from "./bearer.ts";
import { judgeFor, nameOf } from "./bearer.ts";
import type { Identity } from "./identity.ts";
import type { Sights, Wanted } from "./proof.ts";
import { cannotSee, toBeSeen, wantedOf } from "./proof.ts";
import type { AuthorizeQuestion } from "./question.ts";

/** Whom a question is about, once identity is settled. */
export type Asker =
  | Exclude<Bearer, { kind: "person" }>
  | {
      readonly kind: "person";
      readonly user: { readonly id: UserId; readonly login: string };
      /** By which they showed who they are; nobody's where the index vouches for them. */
      readonly token?: TokenIdentity | undefined;
      /** What is known of what that token can see. */
      readonly seen?: Sights;
      /** GitHub cannot be asked at the moment, and said so a while ago: such a person may read, and no more. */
      readonly remembered?: true | undefined;
    }
  | { readonly kind: "unusable"; readonly reason: "invalid-token" | "username-mismatch"; readonly message: string }
  | { readonly kind: "uncertain"; readonly message: string };

const UNVERIFIABLE = "GitHub could not be asked whose token this is; try again shortly";
const AMBIGUOUS = "more than one person may be meant by this user; ask with a numeric id or a token";

/** Who asks, in the eyes of one view. */
export function askerOf(view: View, identity: Identity | { readonly status: "vouched"; readonly user: string }): Asker {
  if (identity.status === "nobody") return { kind: "nobody" };
  if (identity.status === "workload") return { kind: "run", workload: identity.identity };
  if (identity.status === "installation") return { kind: "installation", installation: identity.identity };
  if (identity.status === "refused") return { kind: "unusable", reason: identity.reason, message: identity.message };
  if (identity.status === "unverifiable") {
    if (identity.lastKnown === undefined) return { kind: "uncertain", message: UNVERIFIABLE };
    const { id, login } = identity.lastKnown;
    return { kind: "person", user: { id, login }, token: identity.lastKnown, remembered: true };
  }
  if (identity.status === "vouched") return vouchedFor(view, identity.user);
  const { id, login } = identity.identity;
  return { kind: "person", user: { id, login }, token: identity.identity };
}

function vouchedFor(view: View, user: string): Asker {
  const resolution = resolveUser(view, user);
  if (resolution.status === "unknown") return { kind: "stranger" };
  if (resolution.status === "ambiguous") return { kind: "uncertain", message: AMBIGUOUS };
  return { kind: "person", user: resolution.person };
}

/** What is to be said before any package is looked at; `undefined`: it takes a decision. */
export function beforehand(asker: Asker, permission: Permission): Beforehand | undefined {
  if (asker.kind === "unusable") return { decision: "deny", reason: asker.reason, message: asker.message };
  if (asker.kind === "uncertain") return { ...UNCERTAIN, message: asker.message };
  const unsure = asker.kind === "person" && asker.remembered && permission !== "read";
  return unsure ? { ...UNCERTAIN, message: UNVERIFIABLE } : undefined;
}

interface Beforehand {
  readonly decision: "deny" | "unknown";
  readonly reason: AuthorizeReply["reason"];
  readonly message: string;
}

const UNCERTAIN = { decision: "unknown", reason: "unverifiable" } as const;

/** Whoever could not show who they are is a stranger. */
export function bearerOf(asker: Asker): Bearer {
  return asker.kind === "unusable" || asker.kind === "uncertain" ? { kind: "stranger" } : asker;
}

/** What must be asked of GitHub with the asker's own token before questions can be answered. */
export function wantedFrom(
  view: View,
  asker: Asker,
  questions: Parameters<typeof wantedOf>[2],
  circumstances: Circumstances,
  most?: number,
): Wanted | undefined {
  if (asker.kind !== "person" || asker.token === undefined) return undefined;
  return wantedOf(view, asker.token, questions, circumstances, most);
}

/** Member by member, here and wherever else each request passes: Node 20 takes microseconds for some `{ ...spreads }`. */
export function withSights(asker: Asker, seen: Sights): Asker {
  if (asker.kind !== "person") return asker;
  const { kind, user, token, remembered } = asker;
  return { kind, user, token, seen, remembered };
}

/** Answers a question about one view. Does not await, so it sees one state. */
export function answer(
  view: View,
  question: AuthorizeQuestion,
  asker: Asker,
  circumstances: Circumstances,
): AuthorizeReply {
  const { permission, name, minAsOf } = question;
  const early = beforehand(asker, permission);
  if (early !== undefined) return blank(view, question, early.decision, early.reason, early.message);

  const user = asker.kind === "person" ? asker.user : undefined;
  const bearer = bearerOf(asker);
  const who = nameOf(view, bearer);
  const judgement = judgeFor(view, bearer, permission, name, circumstances);
  if ("problem" in judgement) {
    const may = `${who} may not ${permission} ${name}: ${judgement.problem}`;
    if (judgement.status === "beyond") return blank(view, question, "deny", "token-scope", may);
    return blank(view, question, "unknown", "unverifiable", `it is not known whether ${may}`);
  }
  const { decision } = judgement;
  if (minAsOf !== undefined && decision.asOf !== undefined && decision.asOf < minAsOf) {
    const message = `the facts are from ${iso(decision.asOf)}, which is older than asked for; try again shortly`;
    return { ...blank(view, question, "unknown", "stale", message), user: user ?? null, asOf: iso(decision.asOf) };
  }
  const unproven = asker.kind === "person" && asker.token ? lacksProof(view, asker, permission, decision) : undefined;
  if (unproven !== undefined) {
    const [reason, message] = unproven;
    const outcome = reason === "token-scope" ? "deny" : "unknown";
    return { ...blank(view, question, outcome, reason, message), user: user ?? null };
  }
  const asked = { who, user: user?.id, permission, name };
  const reply: AuthorizeReply = {
    decision: decision.outcome,
    reason: decision.reason,
    message: explain(view, asked, decision),
    user: user ?? null,
    package: { ecosystem: question.ecosystem, name },
    action: permission,
    repository: repositoryOf(view, decision) ?? null,
    role: decision.grant?.role.name ?? null,
    asOf: decision.asOf === undefined ? null : iso(decision.asOf),
    revision: view.revision,
  };
  if (!question.explain) return reply;
  const { evidence, omitted } = evidenceOf(view, asked, decision);
  return omitted === 0 ? { ...reply, evidence } : { ...reply, evidence, evidenceOmitted: omitted };
}

/** A person may, but what of this token? @returns the reason that it does not do, and a sentence */
function lacksProof(
  view: View,
  { user, seen }: Extract<Asker, { kind: "person" }>,
  permission: Permission,
  decision: Decision,
): readonly ["token-scope" | "unverifiable", string] | undefined {
  const repository = toBeSeen(view, permission, decision);
  const sight = repository === undefined ? "visible" : seen?.get(repository);
  if (repository === undefined || sight === "visible") return undefined;
  return sight === "hidden" ? ["token-scope", cannotSee(view, user.login, repository)] : ["unverifiable", UNSEEN];
}

const UNSEEN = "GitHub could not be asked whether this token can see the package's repository; try again shortly";

/** An answer that no decision was needed, or possible, for. */
export function blank(
  view: View | undefined,
  { ecosystem, name, permission }: AuthorizeQuestion,
  decision: "deny" | "unknown",
  reason: AuthorizeReply["reason"],
  message: string,
): AuthorizeReply {
  return {
    decision,
    reason,
    message,
    user: null,
    package: { ecosystem, name },
    action: permission,
    repository: null,
    role: null,
    asOf: null,
    revision: view?.revision ?? 0,
  };
}

// Most answers in a row rest on the same oldest fact, and writing its date costs as much as deciding.
let written = { time: 0, text: new Date(0).toISOString() };

function iso(time: number): string {
  if (written.time !== time) written = { time, text: new Date(time).toISOString() };
  return written.text;
}
