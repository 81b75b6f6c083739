import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";
import { PinoPretty } from "pino-pretty";

export interface LoggerOptions {
  readonly level: string;
  readonly format: "pretty" | "json";
  readonly destination: DestinationStream & NodeJS.WritableStream;
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

/** The log: one line for each thing that happened, as JSON for machines or aligned for a person. */
export function createLogger({ level, format, destination }: LoggerOptions): Logger {
  const options = { level, redact: { paths: REDACTED, censor: "[redacted]" }, base: { name: "packgate" } };
  if (format === "json") return pino(options, destination);
  return pino(options, PinoPretty({ destination, sync: true, ignore: "pid,hostname,name" }));
}
