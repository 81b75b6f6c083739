import { createHash } from "node:crypto";

import { type Complaint, type Parsed, parseLogin } from "./parsers.ts";

/** An index server or proxy that may ask us. Its secret is known by digest only. */
export interface IndexClient {
  readonly name: string;
  /** Login in lower case of the only organization it may ask about; `undefined`: not bound to one. */
  readonly org: string | undefined;
  /** SHA-256 of the secret, 32 bytes. */
  readonly digest: Buffer;
}

const LEAST_SECRET = 24;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
// What can travel in a header as it is: printable ASCII without spaces (RFC 9110 §5.5).
const SECRET = /^[\x21-\x7e]+$/;

/** `name:secret` or `name@org:secret`, comma separated. Faults name the entry by its place, never by its text. */
export function parseIndexClients(text: string): Parsed<readonly IndexClient[]> {
  const complaints: Complaint[] = [];
  const clients: IndexClient[] = [];
  const digests = new Set<string>();

  for (const [index, entry] of text.split(",").entries()) {
    const complain = (problem: string, fix: string) => {
      complaints.push({ problem: `entry ${index + 1} ${problem}`, fix });
    };
    const colon = entry.indexOf(":");
    if (colon === -1) {
      complain("has no colon", "write name:secret");
      continue;
    }
    const [name = "", org, ...rest] = entry.slice(0, colon).trim().split("@");
    const secret = entry.slice(colon + 1).trim();
    const login = org === undefined ? undefined : parseLogin(org);

    if (!NAME.test(name)) complain("has no usable name", "use up to 64 letters, digits, dots, dashes, underscores");
    if (rest.length > 0 || (org !== undefined && login === undefined)) {
      complain("names no organization after the @", "write name@login:secret");
    }
    if (secret.length < LEAST_SECRET) {
      complain(`has a secret of fewer than ${LEAST_SECRET} characters`, "make one with: openssl rand -hex 32");
    } else if (!SECRET.test(secret)) {
      complain("has a secret that no header can carry", "use letters, digits and punctuation without spaces");
    }

    // Callers say only the name or only the secret, so either alone must tell who is asking.
    const digest = createHash("sha256").update(secret).digest();
    if (digests.has(digest.toString("hex"))) {
      complain("has the secret of an earlier one", "give every client its own secret");
    }
    digests.add(digest.toString("hex"));
    clients.push(Object.freeze({ name, org: login, digest }));
  }
  return complaints.length > 0 ? { complaints } : { value: Object.freeze(clients) };
}
