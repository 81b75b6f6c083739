import * as z from "zod";

/** What the processes of the burst tell the one that reports. */

/** A webhook delivery as it travels. */
export const Announcement = z.object({ headers: z.record(z.string(), z.string()), body: z.string() });
export type Announcement = z.infer<typeof Announcement>;

export const Memory = z.object({ heap: z.number(), rss: z.number() });

/** Milliseconds of processor time that a process has taken so far, which other processes prolong less than its waiting. */
export const Spent = z.number();

export const Sent = z.object({
  sent: z.int(),
  /** How many got something else than 202. */
  refused: z.int(),
  /** Milliseconds from when a delivery was due until it was accepted. */
  acceptedP50: z.number(),
  acceptedP99: z.number(),
  /** Milliseconds a decision took meanwhile. */
  decidedP99: z.number(),
  decided: z.int(),
  undecided: z.int(),
});
export type Sent = z.infer<typeof Sent>;
