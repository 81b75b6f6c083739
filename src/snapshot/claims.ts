import * as z from "zod";
import type { Claim } from "../domain/claims.ts";
import { id, moment } from "./schemas.ts";

const stake = { repository: id, path: z.string() };

export const claimSchema: z.ZodType<Claim> = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("held"), ...stake, since: moment }),
  z.strictObject({
    status: z.literal("contested"),
    ...stake,
    since: moment,
    rivals: z.array(z.strictObject(stake)),
  }),
  z.strictObject({ status: z.literal("retired"), repository: id, since: moment }),
]);
