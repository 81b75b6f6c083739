import { z } from "zod";

/** The parts of webhook payloads that mean something to us; GitHub sends far more. */

export const person = z.object({ id: z.number(), login: z.string() });
export const repository = z.object({ id: z.number() });

/** Which organization an event is about. Events without one concern the App as a whole. */
const origin = z.object({
  organization: z.object({ id: z.number() }).optional(),
  installation: z.object({ id: z.number(), account: z.object({ id: z.number() }).nullish() }).optional(),
  repository: z.object({ owner: z.object({ id: z.number() }).optional() }).optional(),
  account: z.object({ id: z.number() }).optional(),
});

export interface Origin {
  readonly organization: number | undefined;
  readonly installation: number | undefined;
}

export function originOf(payload: unknown): Origin {
  const { data } = origin.safeParse(payload);
  const organization =
    data?.organization?.id ?? data?.installation?.account?.id ?? data?.repository?.owner?.id ?? data?.account?.id;
  return { organization, installation: data?.installation?.id };
}
