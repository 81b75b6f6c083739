import * as z from "zod";
import { decide } from "../../src/domain/decide.ts";
import { parsePackageName } from "../../src/domain/package-name.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import type { Service } from "../../src/service.ts";

/** A question with the oracle's answer, as it travels between processes. */
export const Question = z.object({
  user: z.int(),
  name: z.string(),
  permission: z.enum(PERMISSIONS),
  allowed: z.boolean(),
});
export type Question = z.infer<typeof Question>;

/** Questions without the oracle's answers. */
export const Questions = z.array(Question.omit({ allowed: true }));

/** What a service decides of each. */
export function outcomesFrom(service: Service | undefined, questions: z.infer<typeof Questions>): string[] {
  const view = service?.http.organizations()[0]?.view();
  if (view === undefined) throw new Error("nothing has been read");
  return questions.map(({ user, name, permission }) => {
    const parsed = parsePackageName(name);
    return parsed === undefined ? "unknown" : decide(view, { kind: "user", id: user }, permission, parsed).outcome;
  });
}
