/** The index client through which the flood comes. */
export const FLOODED = "flooded";
export const FLOODED_SECRET = "secret-of-the-flooded-client";

/** Questions to `/authorize` with a token of nobody's each, as bytes on the wire. */
export function floodOf(tokenOf: (number: number) => string, count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const body = JSON.stringify({ package: "acme-core", action: "upload", token: tokenOf(number) });
    const head = { Host: "127.0.0.1", "X-Packgate-Key": FLOODED_SECRET, "Content-Type": "application/json" };
    const lines = Object.entries({ ...head, "Content-Length": body.length }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    return `POST /authorize HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
  });
}

/** Well formed, so that only GitHub knows whether anybody's. */
export function unknownToken(number: number): string {
  return `github_pat_${String(number).padStart(22, "0")}_${"0".repeat(59)}`;
}

/** Nothing that GitHub ever made: the checksum is wrong. */
export function malformedToken(number: number): string {
  return `ghp_${String(number).padStart(36, "0")}`;
}
