import * as z from "zod";

/** OpenID AuthZEN Authorization API 1.0: what policy enforcement points send, and what they get. */

const properties = z.record(z.string(), z.unknown()).optional().meta({
  description:
    "Of a workload `workflow` (the file), `event`, `environment` and `ref` count; GitHub says what everything else is",
});

const type = z.string();
export const Entity = z.object({ type, id: z.string(), properties }).meta({
  id: "AuthzenEntity",
  description:
    "A subject: type `user`, id a login or numeric id, or type `workload`, id `owner/repo` or its numeric id. A resource: type `pypi_package`, id a project name",
});
export type Entity = z.infer<typeof Entity>;
/** What is searched for has no id, and one that is there all the same does not count. */
const Sought = z.object({ type, properties }).meta({ id: "AuthzenSought" });
export const Action = z.object({ name: z.string(), properties }).meta({
  id: "AuthzenAction",
  description: "A permission, or one of its aliases",
});
export type Action = z.infer<typeof Action>;

const Context = z
  .object({
    org: z.string().optional().meta({ description: "Login of the organization; needed where several are served" }),
    token: z.string().min(1).optional().meta({
      description:
        "Evaluations: what the subject showed. It must be the subject's, and must be good for what is asked; without it the caller vouches for the subject",
      format: "password",
    }),
  })
  .loose()
  .optional();
export type Context = z.infer<typeof Context>;

export const EvaluationRequest = z
  .object({ subject: Entity, action: Action, resource: Entity, context: Context })
  .meta({ id: "AuthzenEvaluationRequest" });
export type EvaluationRequest = z.infer<typeof EvaluationRequest>;

export const SEMANTICS = ["execute_all", "deny_on_first_deny", "permit_on_first_permit"] as const;

/** Of one request. All of them are answered in one go, and a body has room for ten times as many. */
const MOST_EVALUATIONS = 1000;

export const EvaluationsRequest = EvaluationRequest.partial()
  .extend({
    evaluations: z
      .array(z.unknown())
      .max(MOST_EVALUATIONS, `more than ${MOST_EVALUATIONS} at once; send them in several requests`)
      .optional()
      .meta({
        description: "Evaluation requests; what one leaves out is taken whole from the members beside this list",
      }),
    options: z.object({ evaluations_semantic: z.enum(SEMANTICS).optional() }).optional(),
  })
  .meta({ id: "AuthzenEvaluationsRequest" });
export type EvaluationsRequest = z.infer<typeof EvaluationsRequest>;

const Page = z
  .object({
    token: z.string().optional().meta({ description: "The `next_token` of the reply before" }),
    limit: z.int().nonnegative().optional(),
  })
  .optional();
export type Page = z.infer<typeof Page>;

export const SubjectSearch = z
  .object({ subject: Sought, action: Action, resource: Entity, context: Context, page: Page })
  .meta({ id: "AuthzenSubjectSearch" });
export const ResourceSearch = z
  .object({ subject: Entity, action: Action, resource: Sought, context: Context, page: Page })
  .meta({ id: "AuthzenResourceSearch" });
export const ActionSearch = z
  .object({ subject: Entity, resource: Entity, context: Context, page: Page })
  .meta({ id: "AuthzenActionSearch" });

export const EvaluationReply = z
  .object({
    decision: z.boolean(),
    context: z.record(z.string(), z.unknown()).optional().meta({ description: "Why: `reason`, `message`, or `error`" }),
  })
  .meta({ id: "AuthzenEvaluationReply" });
export type EvaluationReply = z.infer<typeof EvaluationReply>;
export const EvaluationsReply = z
  .union([z.object({ evaluations: z.array(EvaluationReply) }), EvaluationReply])
  .meta({ id: "AuthzenEvaluationsReply" });
export type EvaluationsReply = z.infer<typeof EvaluationsReply>;

const count = z.int().nonnegative();
export const SearchReply = z
  .object({
    page: z.object({ next_token: z.string(), count, total: count }).optional(),
    context: z.object({ unknown: count.meta({ description: "Of so many candidates nobody can say yet" }) }).optional(),
    results: z.array(z.union([z.object({ type, id: z.string() }), z.object({ name: z.string() })])),
  })
  .meta({ id: "AuthzenSearchReply" });
export type SearchReply = z.infer<typeof SearchReply>;

const url = z.url();
export const Configuration = z
  .object({
    policy_decision_point: url,
    access_evaluation_endpoint: url,
    access_evaluations_endpoint: url,
    search_subject_endpoint: url,
    search_resource_endpoint: url,
    search_action_endpoint: url,
  })
  .meta({ id: "AuthzenConfiguration" });
export type Configuration = z.infer<typeof Configuration>;
