import type { DestinationStream } from "pino";

export interface CapturedLog extends DestinationStream {
  /** Everything that was written, as it was written. */
  readonly text: () => string;
  readonly entries: () => readonly Entry[];
  /** The messages of at least this level. */
  readonly messages: (atLeast?: keyof typeof LEVELS) => readonly string[];
}

export interface Entry {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;

export function captureLog(): CapturedLog {
  let text = "";
  const entries = (): readonly Entry[] =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line): Entry => ({ level: 0, msg: "", ...Object(JSON.parse(line)) }));
  return {
    write: (line) => {
      text += line;
    },
    text: () => text,
    entries,
    messages: (atLeast = "trace") => entries().flatMap(({ level, msg }) => (level >= LEVELS[atLeast] ? [msg] : [])),
  };
}
