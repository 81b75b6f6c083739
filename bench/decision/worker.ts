import * as z from "zod";
import type { View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { parsePackageName } from "../../src/domain/package-name.ts";
import { PERMISSION_BIT } from "../../src/domain/roles.ts";
import { Question } from "../reference/question.ts";
import { median } from "../statistics.ts";
import { answerRequests } from "../worker.ts";
import { casbinOf } from "./casbin.ts";
import { privateOrganization } from "./fixture.ts";
import { materialise } from "./materialised.ts";
import { withRules } from "./rules.ts";

const VARIANTS = ["decide", "decide-rules", "map", "decide-fresh", "map-fresh", "casbin"] as const;
const Request = z.object({
  variant: z.enum(VARIANTS),
  /** For how long to measure, after as long a warm-up. */
  milliseconds: z.number(),
  questions: z.array(Question),
});

/**
 * A question as the loops want it, alike for every variant: nothing in it is computed or allocated while the clock runs,
 * and nothing is kept that is not asked for. A real question is in the cache when it is answered; these are fetched from
 * memory, which must not take longer than the answer.
 */
interface Prepared extends Omit<Question, "name"> {
  readonly parsed: PackageName;
  readonly bytes: Buffer;
}
const NONE = Buffer.alloc(0);
type Answer = (question: Prepared) => boolean;

async function answerer(variant: (typeof VARIANTS)[number], view: View): Promise<Answer> {
  if (variant === "casbin") {
    const enforcer = await casbinOf(view.facts);
    return ({ user, parsed, permission }) => enforcer.enforceSync(`user:${user}`, parsed, permission);
  }
  if (variant === "decide") {
    return ({ user, parsed, permission }) =>
      decide(view, { kind: "user", id: user }, permission, parsed).outcome === "allow";
  }
  if (variant === "decide-rules") {
    const ruled = withRules(view, 1000);
    return ({ user, parsed, permission }) =>
      decide(ruled, { kind: "user", id: user }, permission, parsed).outcome === "allow";
  }
  if (variant === "decide-fresh") {
    return ({ user, bytes, permission }) => {
      const name = parsePackageName(bytes.toString("latin1"));
      return name !== undefined && decide(view, { kind: "user", id: user }, permission, name).outcome === "allow";
    };
  }
  const rights = materialise(view.facts);
  if (variant === "map") {
    return ({ user, parsed, permission }) => ((rights.get(user)?.get(parsed) ?? 0) & PERMISSION_BIT[permission]) !== 0;
  }
  return ({ user, bytes, permission }) => {
    const name = parsePackageName(bytes.toString("latin1"));
    return name !== undefined && ((rights.get(user)?.get(name) ?? 0) & PERMISSION_BIT[permission]) !== 0;
  };
}

/** @returns nanoseconds per answer in each pass over the questions */
function passes(answer: Answer, questions: readonly Prepared[], milliseconds: number): number[] {
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  do {
    const began = performance.now();
    let wrong = 0;
    for (const question of questions) if (answer(question) !== question.allowed) wrong += 1;
    times.push(((performance.now() - began) * 1e6) / questions.length);
    if (wrong > 0) throw new Error(`${wrong} answers are wrong`);
  } while (performance.now() < end);
  return times;
}

answerRequests(async (request) => {
  const { variant, milliseconds, questions } = Request.parse(request);
  const answer = await answerer(variant, privateOrganization().view);
  const prepared = questions.map(({ user, name, permission, allowed }): Prepared => {
    const bytes = Buffer.from(name, "latin1");
    // A string of its own for every question, as every request brings one.
    const parsed = parsePackageName(bytes.toString("latin1"));
    if (parsed === undefined) throw new Error(`${name} is no package name`);
    return { user, permission, allowed, parsed, bytes: variant.endsWith("fresh") ? bytes : NONE };
  });
  global.gc?.();
  passes(answer, prepared, milliseconds);
  return median(passes(answer, prepared, milliseconds));
});
