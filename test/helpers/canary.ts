import { Writable } from "node:stream";
import type { DestinationStream } from "pino";

// Whatever has the form of a token of GitHub's or ours, of a JSON Web Token, or of a key.
const TOKEN_FORMS =
  /\b(?:gh[a-z]_\w{16,}|github_pat_\w{16,}|pgt_[\w.-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+)|-----BEGIN [A-Z ]*PRIVATE KEY/;

const leaks: string[] = [];

/** Notes what a session let out though it may not: something like a token, or one of the session's own secrets. */
export function inspect(output: string, secrets: readonly string[]): void {
  const found = TOKEN_FORMS.exec(output)?.[0] ?? secrets.find((secret) => output.includes(secret));
  if (found !== undefined) leaks.push(`${found.slice(0, 8)}… came out: ${output.replaceAll(found, "…")}`);
}

/** What was noted since the last call. */
export function takeLeaks(): string[] {
  return leaks.splice(0);
}

/** A log's destination that inspects each line on its way. */
export function inspected(secrets: readonly string[], onward?: DestinationStream): Writable {
  return new Writable({
    decodeStrings: false,
    write: (line: unknown, _encoding, done) => {
      inspect(String(line), secrets);
      onward?.write(String(line));
      done();
    },
  });
}
