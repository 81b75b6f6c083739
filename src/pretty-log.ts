import type { DestinationStream } from "pino";
import { PinoPretty } from "pino-pretty";

/** Turns the log's lines into what a person likes to read. Loaded only where there is one: machines take JSON. */
export function prettyLog(destination: DestinationStream & NodeJS.WritableStream): DestinationStream {
  return PinoPretty({ destination, sync: true, ignore: "pid,hostname,name" });
}
