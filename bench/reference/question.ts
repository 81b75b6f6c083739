import * as z from "zod";
import { PERMISSIONS } from "../../src/domain/roles.ts";

/** A question with the oracle's answer, as it travels between processes. */
export const Question = z.object({
  user: z.int(),
  name: z.string(),
  permission: z.enum(PERMISSIONS),
  allowed: z.boolean(),
});
export type Question = z.infer<typeof Question>;
