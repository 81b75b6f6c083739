import type { Subject, View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import { evidenceOf } from "../../domain/evidence.ts";
import { explain } from "../../domain/explain.ts";
import type { UserId } from "../../domain/facts.ts";
import type { Circumstances } from "../../domain/judge.ts";
import { fullName, repositoryOf } from "../../domain/phrases.ts";
import type { Workload } from "../../domain/runs.ts";
import { outOfReach } from "../../domain/runs.ts";
import { resolveUser } from "../../state/directory.ts";
import type { AuthorizeReply } from "../contract/replies.ts";
import type { Identity } from "./identity.ts";
import type { AuthorizeQuestion } from "./question.ts";

/** Whom a question is about, once identity is settled. */
type Asker =
  | {
      readonly kind: "person";
      readonly user: { readonly id: UserId; readonly login: string };
      /** GitHub cannot be asked at the moment, and said so a while ago: such a person may read, and no more. */
      readonly remembered?: true;
    }
  | { readonly kind: "workload"; readonly workload: Workload }
  /** Vouched for, but nobody we know: no member and no collaborator, so nothing was granted. */
  | { readonly kind: "stranger" }
  | { readonly kind: "nobody" }
  | { readonly kind: "unusable"; readonly reason: "invalid-token" | "username-mismatch" }
  | { readonly kind: "uncertain"; readonly message: string };

/** GitHub numbers its users from 1, so nothing is ever granted to this one. */
const NO_USER: UserId = 0;
/** What a caller sent may be a secret in the wrong field, so a stranger is never named. */
const STRANGER = "this user";
const ANYBODY = "anybody";

const UNUSABLE = {
  "invalid-token": "the token is not valid: it is expired, revoked, or not one that GitHub knows",
  "username-mismatch":
    "the user name and the token do not belong together: use the login of the token's owner, or __token__, as user name",
} as const;

const UNVERIFIABLE = "GitHub could not be asked whose token this is; try again shortly";
const AMBIGUOUS = "more than one person may be meant by this user; ask with a numeric id or a token";

/** Who asks, in the eyes of one view. */
export function askerOf(view: View, identity: Identity | { readonly status: "vouched"; readonly user: string }): Asker {
  if (identity.status === "nobody") return { kind: "nobody" };
  if (identity.status === "workload") return { kind: "workload", workload: identity.identity };
  if (identity.status === "refused") return { kind: "unusable", reason: identity.reason };
  if (identity.status === "unverifiable") {
    if (identity.lastKnown === undefined) return { kind: "uncertain", message: UNVERIFIABLE };
    const { id, login } = identity.lastKnown;
    return { kind: "person", user: { id, login }, remembered: true };
  }
  if (identity.status === "vouched") return vouchedFor(view, identity.user);
  const { id, login } = identity.identity;
  return { kind: "person", user: { id, login } };
}

function vouchedFor(view: View, user: string): Asker {
  const resolution = resolveUser(view, user);
  if (resolution.status === "unknown") return { kind: "stranger" };
  if (resolution.status === "ambiguous") return { kind: "uncertain", message: AMBIGUOUS };
  return { kind: "person", user: resolution.person };
}

/**
 * Answers a question about one view. Does not await, so it sees one state.
 *
 * @param index name of the index client that asks
 */
export function answer(view: View, question: AuthorizeQuestion, asker: Asker, index: string): AuthorizeReply {
  const { permission, name, minAsOf } = question;
  if (asker.kind === "unusable") return blank(view, question, "deny", asker.reason, UNUSABLE[asker.reason]);
  if (asker.kind === "uncertain") return blank(view, question, "unknown", "unverifiable", asker.message);
  if (asker.kind === "person" && asker.remembered && permission !== "read") {
    return blank(view, question, "unknown", "unverifiable", UNVERIFIABLE);
  }

  const user = asker.kind === "person" ? asker.user : undefined;
  const who = nameOf(view, asker);
  const beyond = asker.kind === "workload" ? outOfReach(view, asker.workload, permission, name) : undefined;
  if (beyond !== undefined) {
    return blank(view, question, "deny", "token-scope", `${who} may not ${permission} ${name}: ${beyond}`);
  }
  const decision = decide(view, subjectOf(asker), permission, name, circumstancesOf(asker, index));
  if (minAsOf !== undefined && decision.asOf !== undefined && decision.asOf < minAsOf) {
    const message = `the facts are from ${iso(decision.asOf)}, which is older than asked for; try again shortly`;
    return { ...blank(view, question, "unknown", "stale", message), user: user ?? null, asOf: iso(decision.asOf) };
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

const EVERYONE = { kind: "everyone" } as const;

function subjectOf(asker: Asker): Subject {
  if (asker.kind === "nobody") return EVERYONE;
  if (asker.kind === "workload") return { kind: "workload", repository: asker.workload.run.repository };
  return { kind: "user", id: asker.kind === "person" ? asker.user.id : NO_USER };
}

function circumstancesOf(asker: Asker, index: string): Circumstances {
  if (asker.kind !== "workload") return { index };
  const { ref, environment } = asker.workload.run;
  return { index, ref, environment };
}

function nameOf(view: View, asker: Asker): string {
  if (asker.kind === "workload") return `a run of ${fullName(view, asker.workload.run.repository)}`;
  if (asker.kind === "person") return asker.user.login;
  return asker.kind === "nobody" ? ANYBODY : STRANGER;
}

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
