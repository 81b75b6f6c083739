import { ACTIONS, parseAction } from "../domain/roles.ts";
import { closest } from "../text/closest.ts";
import { usageFailure } from "./failure.ts";
import { EXIT, type Io } from "./io.ts";
import { ask } from "./packgate.ts";
import type { Cell, Colour } from "./print.ts";
import { DECISION, type DecisionReply } from "./replies.ts";
import type { Arguments } from "./verb.ts";

/** May this user do this to that package? Asks the endpoint that indexes ask, so the answer is theirs. */
export async function askDecision(args: Arguments, io: Io, explain: boolean): Promise<DecisionReply> {
  return ask(io, {
    method: "POST",
    path: "/authorize",
    body: {
      user: args.operand("USER"),
      action: actionOf(args),
      package: args.operand("PACKAGE"),
      org: args.text("org"),
      ...(explain ? { explain } : {}),
    },
    schema: DECISION,
    alsoAnswers: [401, 403, 503],
  });
}

/** The ACTION operand. Refused here, where a person can be told what was meant. */
export function actionOf(args: Arguments): string {
  const action = args.operand("ACTION");
  if (parseAction(action) !== undefined) return action;
  const meant = closest(action, ACTIONS);
  const fix = meant === undefined ? `use one of ${ACTIONS.join(", ")}` : `did you mean ${meant}?`;
  throw usageFailure(`"${action}" is not an action; ${fix}`);
}

export const DECISION_EXIT = { allow: EXIT.ok, deny: EXIT.denied, unknown: EXIT.unknown } as const;

export const DECISION_NOTES = "Exit code: 0 allowed, 3 denied, 4 unknown, 1 when it could not be asked, 2 misused.";

const COLOUR = { allow: "green", deny: "red", unknown: "yellow" } as const satisfies Record<string, Colour>;

export function decisionCell({ decision }: DecisionReply): Cell {
  return { text: decision, colour: COLOUR[decision] };
}
