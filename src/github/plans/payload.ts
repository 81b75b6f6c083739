import { z } from "zod";

/** The parts of webhook payloads that mean something to us; GitHub sends far more. */

export const person = z.object({ id: z.number(), login: z.string() });
export const repository = z.object({ id: z.number(), name: z.string() });

/** Which organization an event is about. Events without one concern the App as a whole. */
const origin = z.object({
  organization: z.object({ id: z.number() }).optional(),
  installation: z.object({ account: z.object({ id: z.number() }).nullish() }).optional(),
  repository: z.object({ owner: z.object({ id: z.number() }).optional() }).optional(),
  account: z.object({ id: z.number() }).optional(),
});

/** The organization that an event is about, by id. */
export function organizationOf(payload: unknown): number | undefined {
  const { data } = origin.safeParse(payload);
  return data?.organization?.id ?? data?.installation?.account?.id ?? data?.repository?.owner?.id ?? data?.account?.id;
}
