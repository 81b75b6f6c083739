import * as z from "zod";

/** What the two processes of the synchronisation tell the one that compares them. */

export const Counts = z.object({
  rest: z.int(),
  graphqlQueries: z.int(),
  graphqlPoints: z.int(),
  unknownRoutes: z.array(z.string()),
});
export type Counts = z.infer<typeof Counts>;

export const Synchronised = z.object({
  /** What it took here, where GitHub answers at once and no wait is waited. Milliseconds. */
  wallMs: z.number(),
  /** What the pacing of our requests would have taken besides. Milliseconds. */
  pacedMs: z.number(),
  peakRssBytes: z.number(),
  repositories: z.int(),
  packages: z.int(),
  members: z.int(),
});
export type Synchronised = z.infer<typeof Synchronised>;

export const Environment = z.record(z.string(), z.string());
export const Outcomes = z.array(z.enum(["allow", "deny", "unknown"]));
export const Bytes = z.number();
