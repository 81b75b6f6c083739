import * as z from "zod";

/** What the workers of this benchmark are asked, and answer. */

export const ServerRequest = z.object({ kind: z.enum(["listen", "asked"]) });

export const LoadRequest = z.object({
  port: z.int(),
  /** As bytes on the wire, in turn. */
  requests: z.array(z.string()),
  perSecond: z.number(),
  milliseconds: z.number(),
});
export type LoadRequest = z.infer<typeof LoadRequest>;

export const Loaded = z.object({
  /** Milliseconds from when a request was due until its reply was there. */
  median: z.number(),
  p99: z.number(),
  answered: z.int(),
  /** From the first request until the last reply. */
  milliseconds: z.number(),
  /** How many replies had which status. */
  statuses: z.record(z.string(), z.int()),
});
export type Loaded = z.infer<typeof Loaded>;
