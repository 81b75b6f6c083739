import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";

export interface LoggerOptions {
  readonly level: string;
  readonly destination: DestinationStream;
}

// Probot and Octokit log requests and events whole; what may hold a secret or a private payload never gets out.
const REDACTED = [
  "authorization",
  "*.authorization",
  "*.headers.authorization",
  "*.*.headers.authorization",
  "token",
  "*.token",
  "event.payload",
  "err.event",
  "err.request.headers.authorization",
  "*.err.event",
];

/** The log: one line of JSON for each thing that happened. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  return pino({ level, redact: { paths: REDACTED, censor: "[redacted]" }, base: { name: "packgate" } }, destination);
}
