import { asServiceError, ServiceError } from "../../errors.ts";
import type { EvaluationReply, EvaluationsReply, EvaluationsRequest } from "../contract/authzen.ts";
import { EvaluationRequest } from "../contract/authzen.ts";
import { checked } from "../json.ts";
import type { Verdict } from "./decision-point.ts";

export type Evaluate = (question: EvaluationRequest) => Verdict | Promise<Verdict>;

/** One evaluation. AuthZEN has no third answer, so that nobody can say is an error of the call. */
export async function evaluateOne(evaluate: Evaluate, question: EvaluationRequest): Promise<EvaluationReply> {
  const { outcome, reason, message } = await evaluate(question);
  if (outcome === "unknown") throw new ServiceError("unavailable", message);
  return { decision: outcome === "allow", context: { reason, message } };
}

/** Several: a fault of one is its own refusal. Without any, the members beside the list are the question. */
export async function evaluateAll(evaluate: Evaluate, request: EvaluationsRequest): Promise<EvaluationsReply> {
  const { evaluations = [], options, ...defaults } = request;
  if (evaluations.length === 0) return evaluateOne(evaluate, checked(EvaluationRequest, defaults));
  const last = LAST[options?.evaluations_semantic ?? "execute_all"];
  const replies: EvaluationReply[] = [];
  for (const item of evaluations) {
    const reply = await evaluateItem(evaluate, defaults, item);
    replies.push(reply);
    if (reply.decision === last) break;
  }
  return { evaluations: replies };
}

/** The decision after which no more are made. */
const LAST = { execute_all: undefined, deny_on_first_deny: false, permit_on_first_permit: true } as const;

async function evaluateItem(evaluate: Evaluate, defaults: object, item: unknown): Promise<EvaluationReply> {
  try {
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      throw new ServiceError("invalid_request", "This is not an object.");
    }
    return await evaluateOne(evaluate, checked(EvaluationRequest, { ...defaults, ...item }));
  } catch (thrown) {
    const error = asServiceError(thrown);
    if (error.code === "internal") throw error;
    return { decision: false, context: { error: { status: error.status, message: error.message } } };
  }
}
