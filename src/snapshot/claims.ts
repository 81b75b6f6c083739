import * as z from "zod";
import type { Claim } from "../domain/claims.ts";
import { id, moment, orUndefined } from "./schemas.ts";

const stake = { repository: id, path: z.string() };

const retired = z.strictObject({
  status: z.literal("retired"),
  repository: id,
  since: moment,
  rivals: z.exactOptional(z.array(z.strictObject(stake))),
  pin: z.exactOptional(z.string()),
});

export const claimSchema: z.ZodType<Claim> = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.literal("pinned"),
    repository: id,
    path: orUndefined(z.string()),
    since: moment,
    pin: z.string(),
  }),
  z.strictObject({ status: z.literal("held"), ...stake, since: moment }),
  z.strictObject({
    status: z.literal("contested"),
    ...stake,
    since: moment,
    rivals: z.array(z.strictObject(stake)),
  }),
  retired,
  z.strictObject({
    status: z.literal("unbound"),
    repository: z.null().transform(() => undefined),
    former: orUndefined(retired),
    since: moment,
    pin: z.string(),
  }),
]);
