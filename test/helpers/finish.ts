import type { Steps } from "../../src/domain/steps.ts";

/** What comes of work when nothing else goes first. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
