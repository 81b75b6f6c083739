/**
 * Work that is done in steps, none of which takes long: whoever has it done can let something else go first after each.
 * What it rests on must not change meanwhile.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** What comes of work when nothing else goes first. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
