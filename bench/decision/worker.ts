import * as z from "zod";
import type { Subject, View } from "../../src/domain/decide.ts";
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
 * and nothing is kept that is not asked for.
 */
interface Prepared extends Omit<Question, "name"> {
  readonly subject: Subject;
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
    return ({ subject, parsed, permission }) => decide(view, subject, permission, parsed).outcome === "allow";
  }
  if (variant === "decide-rules") {
    const ruled = withRules(view, 1000);
    return ({ subject, parsed, permission }) => decide(ruled, subject, permission, parsed).outcome === "allow";
  }
  if (variant === "decide-fresh") {
    return ({ subject, bytes, permission }) => {
      const name = parsePackageName(bytes.toString("latin1"));
      return name !== undefined && decide(view, subject, permission, name).outcome === "allow";
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

/** So few that they stay in the cache until they are answered, and so many that reading the clock costs nothing. */
const BLOCK = 64;

/** @returns nanoseconds per answer in each pass over the questions */
function passes(answer: Answer, blocks: readonly (readonly Prepared[])[], milliseconds: number): number[] {
  const count = blocks.reduce((sum, block) => sum + block.length, 0);
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  do {
    let time = 0;
    let wrong = 0;
    for (const block of blocks) {
      fetchAll(block);
      const began = performance.now();
      for (const question of block) if (answer(question) !== question.allowed) wrong += 1;
      time += performance.now() - began;
    }
    times.push((time * 1e6) / count);
    if (wrong > 0) throw new Error(`${wrong} answers are wrong`);
  } while (performance.now() < end);
  return times;
}

/** Brings questions into the cache, where a real one is when it is answered: it has just come in. */
function fetchAll(questions: readonly Prepared[]): void {
  let sum = 0;
  for (const { user, subject, parsed, permission, bytes, allowed } of questions) {
    sum += user + subject.kind.length + parsed.charCodeAt(0) + permission.length + (bytes[0] ?? 0) + Number(allowed);
  }
  // So that V8 cannot leave it out.
  if (Number.isNaN(sum)) throw new Error("a question is no question");
}

answerRequests(async (request) => {
  const { variant, milliseconds, questions } = Request.parse(request);
  const answer = await answerer(variant, privateOrganization().view);
  const prepared = questions.map(({ user, name, permission, allowed }): Prepared => {
    const bytes = Buffer.from(name, "latin1");
    // A string of its own for every question, as every request brings one.
    const parsed = parsePackageName(bytes.toString("latin1"));
    if (parsed === undefined) throw new Error(`${name} is no package name`);
    return {
      user,
      subject: { kind: "user", id: user },
      permission,
      allowed,
      parsed,
      bytes: variant.endsWith("fresh") ? bytes : NONE,
    };
  });
  const blocks = Array.from({ length: Math.ceil(prepared.length / BLOCK) }, (_, index) =>
    prepared.slice(index * BLOCK, (index + 1) * BLOCK),
  );
  global.gc?.();
  passes(answer, blocks, milliseconds);
  return median(passes(answer, blocks, milliseconds));
});
