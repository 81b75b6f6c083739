import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ServiceError } from "../../errors.ts";
import type { IndexClient } from "../service.ts";

/** What a caller shows. `name` only where the scheme has one. */
interface Proof {
  readonly name: string | undefined;
  readonly secret: Uint8Array;
}

/** Reused, for nothing is awaited between writing and comparing. */
const digest = Buffer.alloc(32);

/**
 * Finds the index client that is asking, or throws `invalid_client`. Secrets are compared as SHA-256 digests, in
 * constant time and always with every client's, so that the time taken tells nothing about any of them.
 */
export function authenticateClient(clients: readonly IndexClient[], headers: IncomingHttpHeaders): IndexClient {
  const proof = proofOf(headers);
  if (proof === undefined) throw new ServiceError("invalid_client");
  // As text ("binary" is latin1), because node:crypto takes twice as long to make a Buffer.
  digest.write(hash("sha256", proof.secret, "binary"), "latin1");
  let match: IndexClient | undefined;
  let matches = 0;
  for (const client of clients) {
    const named = proof.name === undefined || proof.name === client.name;
    if (timingSafeEqual(client.digest, digest) && named) {
      match = client;
      matches += 1;
    }
  }
  // Two clients with one secret cannot be told apart, and they may be bound to different organizations.
  if (match === undefined || matches !== 1) throw new ServiceError("invalid_client");
  return match;
}

/** X-Packgate-Key wins: beside it, Authorization is the end user's. Header text is bytes, as node:http gives it. */
function proofOf(headers: IncomingHttpHeaders): Proof | undefined {
  const key = headers["x-packgate-key"];
  if (typeof key === "string") return { name: undefined, secret: Buffer.from(key, "latin1") };
  const [, scheme, value] = /^(basic|bearer) +([^ ]+)$/i.exec(headers.authorization ?? "") ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  return scheme.toLowerCase() === "basic" ? basic(value) : { name: undefined, secret: Buffer.from(value, "latin1") };
}

/** RFC 7617: everything up to the first colon is the name. */
function basic(value: string): Proof | undefined {
  const bytes = Buffer.from(value, "base64");
  const colon = bytes.indexOf(":");
  return colon < 0 ? undefined : { name: bytes.toString("utf8", 0, colon), secret: bytes.subarray(colon + 1) };
}
