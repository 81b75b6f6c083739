const STEPS = [
  { seconds: 86_400, unit: "d" },
  { seconds: 3600, unit: "h" },
  { seconds: 60, unit: "min" },
] as const;

/** A duration in words, rounded down: `12 s`, `3 min`, `2 d`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const step = STEPS.find((step) => seconds >= step.seconds);
  return step === undefined ? `${seconds} s` : `${Math.floor(seconds / step.seconds)} ${step.unit}`;
}

/** How old a fact is. A clock that runs behind the server's sees facts from the future; they are new. */
export function ageOf(time: string | null | undefined, now: number): string {
  return time === undefined || time === null ? "never" : `${duration(now - Date.parse(time))} ago`;
}
