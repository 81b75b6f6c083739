import type { Action, Context, Entity, EvaluationRequest } from "../contract/authzen.ts";
import type { Exchange } from "../exchange.ts";
import type { IndexClient } from "../service.ts";

/** What answers behind AuthZEN's forms: it knows about subjects and resources, and nothing about JSON or pages. */
export interface DecisionPoint {
  readonly evaluate: (question: EvaluationRequest) => Verdict | Promise<Verdict>;
  readonly subjects: (question: {
    readonly subject: Sought;
    readonly action: Action;
    readonly resource: Entity;
  }) => Found;
  readonly resources: (question: {
    readonly subject: Entity;
    readonly action: Action;
    readonly resource: Sought;
  }) => Found;
  /** @returns names of actions */
  readonly actions: (question: { readonly subject: Entity; readonly resource: Entity }) => Found;
}

type Sought = Omit<Entity, "id">;

export interface Verdict {
  readonly outcome: "allow" | "deny" | "unknown";
  readonly reason: string;
  /** A sentence for people. */
  readonly message: string;
}

export interface Found {
  readonly ids: readonly string[];
  /** Of how many candidates nobody can say yet. */
  readonly unknown: number;
}

/** The decision point for one request: what it is asked in the name of whom. */
export type PointOf = (exchange: Pick<Exchange, "id">, client: IndexClient, context: Context) => DecisionPoint;
