/** How many names a sentence lists before it counts the rest. */
const MAX_NAMES = 3;

/** `a, b and c`; beyond the limit `a, b, c and 4 more`. */
export function list(names: readonly string[], word = "and", limit = MAX_NAMES): string {
  const more = names.length - limit;
  const parts = more > 0 ? [...names.slice(0, limit), `${more} more`] : names;
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} ${word} ${parts.slice(-1).join("")}`;
}

/** A day as everybody writes it. @param time epoch milliseconds */
export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
