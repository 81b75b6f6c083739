import type { Simulator } from "../simulator/index.ts";

/** A webhook as the simulator made it. */
export type Letter = ReturnType<Simulator["faults"]["held"]>[number];

/** The webhooks that GitHub has sent and nobody has received yet; what becomes of each, a test decides. */
export interface Mailbox {
  readonly size: () => number;
  /** Hands one over; whether it stays there, to be handed over again. */
  readonly deliver: (which: number, again?: boolean) => void;
  readonly lose: (which: number) => void;
}

export function createMailbox(github: Simulator, receive: (letter: Letter) => void): Mailbox {
  const waiting: Letter[] = [];
  let seen = 0;
  github.faults.hold();

  const collect = (): void => {
    const held = github.faults.held();
    waiting.push(...held.slice(seen));
    seen = held.length;
  };
  const take = (which: number, stays: boolean): Letter | undefined => {
    collect();
    const index = which % Math.max(1, waiting.length);
    return stays ? waiting[index] : waiting.splice(index, 1)[0];
  };

  return {
    size: () => {
      collect();
      return waiting.length;
    },
    deliver: (which, again = false) => {
      const letter = take(which, again);
      if (letter !== undefined) receive(letter);
    },
    lose: (which) => {
      take(which, false);
    },
  };
}
