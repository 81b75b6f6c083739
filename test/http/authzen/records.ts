import type { DecisionPoint } from "../../../src/http/authzen/decision-point.ts";
import type { EvaluationRequest } from "../../../src/http/contract/authzen.ts";

const SUBJECTS = ["alice", "bob"];
const RECORDS = ["record-1", "record-2"];

/** The fixture that the certification scenario demands (section 1): people, records, and its eight rules. */
export const recordsPoint: DecisionPoint = {
  evaluate: (question) => {
    const outcome = allows(question) ? "allow" : "deny";
    return { outcome, reason: "fixture", message: `the fixture says ${outcome}` };
  },
  subjects: (question) => found(SUBJECTS, (id) => ({ ...question, subject: { ...question.subject, id } })),
  resources: (question) => found(RECORDS, (id) => ({ ...question, resource: { ...question.resource, id } })),
  actions: (question) => found(["read", "write", "delete"], (name) => ({ ...question, action: { name } })),
};

function found(ids: readonly string[], questionOf: (id: string) => EvaluationRequest) {
  return { ids: ids.filter((id) => allows(questionOf(id))), unknown: 0 };
}

function allows({ subject, action, resource }: EvaluationRequest): boolean {
  if (subject.type !== "user" || !SUBJECTS.includes(subject.id)) return false;
  if (resource.type !== "record" || !RECORDS.includes(resource.id)) return false;
  const status = resource.properties?.["status"] ?? (resource.id === "record-2" ? "archived" : "active");
  const admin = subject.properties?.["role"] === "admin";
  switch (action.name) {
    case "read":
      return true;
    case "write":
      // Rule 4 is of bob as he is known, rule 6 of him as the question tells of him; a search asks without properties.
      if (status === "archived") return admin || subject.id === "bob";
      return subject.id === "alice" || admin;
    default:
      return action.name === "delete" && subject.id === "alice" && action.properties?.["soft"] === true;
  }
}
