import type { Socket } from "node:net";
import { ServiceError } from "../errors.ts";

/**
 * Has work done for a client when its turn comes, or never if the client has gone by then. It is its connection that tells:
 * of a response that stands behind another on the same connection, Node never says that it is closed.
 */
export type InTurn = (client: Socket, work: () => Promise<void>) => Promise<void>;

/**
 * One piece of work at a time, in the order of asking.
 *
 * @param most how many may wait; whoever comes beyond is told to try again
 */
export function turns(most: number): InTurn {
  const waiting = new Set<() => void>();
  let isBusy = false;
  const begin = async (work: () => Promise<void>): Promise<void> => {
    isBusy = true;
    try {
      await work();
    } finally {
      isBusy = false;
      const [next] = waiting;
      next?.();
    }
  };
  return (client, work) => {
    if (!isBusy) return begin(work);
    if (waiting.size >= most)
      throw new ServiceError("unavailable", "Too many are waiting for this already; try again shortly.");
    return new Promise((resolve) => {
      const start = (): void => {
        waiting.delete(start);
        client.off("close", leave);
        resolve(begin(work));
      };
      const leave = (): void => {
        waiting.delete(start);
        resolve();
      };
      waiting.add(start);
      client.once("close", leave);
    });
  };
}
