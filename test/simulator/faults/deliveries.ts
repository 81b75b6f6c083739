import type { Event } from "../webhooks/hook.ts";

/** What can go wrong between an edit and the webhook's receiver. */

/** The next n deliveries, or every delivery the predicate picks until `clear()`. */
export type Which = number | ((delivery: Event) => boolean);
/** A fault can be ended before `clear()` ends all of them. */
export type Fault = { end: () => void };
export type DeliveryFaults = ReturnType<typeof createDeliveryFaults>;

export function createDeliveryFaults() {
  const lost: Rule[] = [];
  const never: Rule[] = [];
  const repeated: Rule[] = [];
  let held: Event[] | null = null;
  let enqueue: ((event: Event) => void) | undefined;

  const release = (order: (held: Event[]) => Event[]): void => {
    const events = held ?? [];
    held = null;
    for (const event of order(events)) enqueue?.(event);
  };

  return {
    /** The attempt fails; GitHub's log shows it, and it can be redelivered. */
    lose: (which: Which): Fault => add(lost, which),
    /** GitHub never attempts it: not in the log either. */
    drop: (which: Which): Fault => add(never, which),
    /** Sent twice under one GUID. */
    repeat: (which: Which): Fault => add(repeated, which),
    /** Keeps every delivery back until `release()`. */
    hold(): void {
      held ??= [];
    },
    /** Sends what was held, in the order given: all in their own order by default, or as the function sorts (and thins) them. */
    release: (order: (held: Event[]) => Event[] = (events) => events): void => release(order),
    held: (): readonly Event[] => held ?? [],

    route(event: Event): Event[] {
      if (applies(never, event)) return [];
      const copies = applies(repeated, event) ? [event, event] : [event];
      if (held === null) return copies;
      held.push(...copies);
      return [];
    },
    fails: (event: Event): boolean => applies(lost, event),
    onRelease(listener: (event: Event) => void): void {
      enqueue = listener;
    },
    clear(): void {
      for (const rules of [lost, never, repeated]) rules.length = 0;
      release((events) => events);
    },
  };
}

type Rule = { left: number; matches: (event: Event) => boolean };

function add(rules: Rule[], which: Which): Fault {
  const rule: Rule =
    typeof which === "number"
      ? { left: which, matches: () => true }
      : { left: Number.POSITIVE_INFINITY, matches: which };
  rules.push(rule);
  return { end: () => (rule.left = 0) };
}

function applies(rules: Rule[], event: Event): boolean {
  const rule = rules.find((each) => each.left > 0 && each.matches(event));
  if (rule === undefined) return false;
  rule.left -= 1;
  return true;
}
