import { isIPv4 } from "node:net";

/**
 * What is wrong with a value, and what to do about it. Never quotes the value: a secret pasted into
 * the wrong variable must not reach the terminal, let alone a log.
 */
export interface Complaint {
  readonly problem: string;
  readonly fix: string;
}

export type Parsed<T> = { readonly value: T } | { readonly complaints: readonly Complaint[] };
export type Parse<T> = (text: string) => Parsed<T>;

/** A secret behind a function, because neither `JSON.stringify` nor `util.inspect` looks inside one. */
export type Secret = () => string;

export function complaint(problem: string, fix: string): { readonly complaints: readonly Complaint[] } {
  return { complaints: [{ problem, fix }] };
}

export const anyText: Parse<string> = (text) => ({ value: text });

/** A secret that somebody else chose, so its form is theirs. */
export const givenSecret: Parse<Secret> = (text) => ({ value: () => text });

/** An id that can stand in a URL's path and in a Basic user name. */
export const clientId: Parse<string> = (text) =>
  /^[\w.-]+$/.test(text)
    ? { value: text }
    : complaint("is not a client id", "copy the Client ID from the App's settings page");

/**
 * A secret that the operator makes up.
 *
 * @param least minimum length in characters
 */
export function newSecret(least: number): Parse<Secret> {
  const fix = "make one with: openssl rand -hex 32";
  return (text) => {
    // Probot's default when none is given: whoever knows Probot could sign webhooks with it.
    if (text === "development") return complaint("is Probot's well-known default", fix);
    if (text.length < least) return complaint(`has fewer than ${least} characters`, fix);
    return { value: () => text };
  };
}

export function integer(least: number, most: number): Parse<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return { value };
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
    return complaint("is not a whole number in its range", `use ${range}`);
  };
}

export function oneOf<const T extends string>(options: readonly T[]): Parse<T> {
  return (text) => {
    const value = options.find((option) => option === text.toLowerCase());
    return value === undefined ? complaint("is none of its values", `use ${options.join(", ")}`) : { value };
  };
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Plain seconds, or a whole number with `s`, `m` or `h`.
 *
 * @param least seconds
 * @param most seconds
 * @returns milliseconds
 */
export function duration(least: number, most: number): Parse<number> {
  return (text) => {
    const [, amount, unit] = /^(\d+)([smh]?)$/.exec(text) ?? [];
    const factor = unit === "m" || unit === "h" ? UNIT_MS[unit] : UNIT_MS.s;
    const value = Number(amount) * factor;
    if (value >= least * 1000 && value <= most * 1000) return { value };
    const problem = amount === undefined ? "is not a duration" : "is outside its range";
    return complaint(problem, `use ${least} to ${most} seconds, as 90, 90s, 15m or 1h`);
  };
}

/** A URL that tokens or secrets may be sent to. The value has no trailing slash. */
export const baseUrl: Parse<string> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return complaint("is not a URL", "write it in full, beginning with https://");
  if (url.username !== "" || url.password !== "") {
    return complaint("carries credentials", "remove what stands before the @");
  }
  if (url.search !== "" || url.hash !== "") return complaint("has a query or fragment", "end it after the path");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return complaint("is not https", "use https:// (http:// is for 127.0.0.1, [::1] and localhost only)");
  }
  return { value: url.href.replace(/\/+$/, "") };
};

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."));
}

/** `host` or `host:port`, as in `GHE_HOST`. */
export const hostAndPort: Parse<string> = (text) => {
  const url = URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : undefined;
  if (url !== undefined && url.host === text.toLowerCase()) return { value: url.host };
  return complaint("is not a host name", "write the bare name, as in github.example.com");
};

/** Where state outlives the process: the folder, or `undefined` when nothing is kept. */
export const stateFolder: Parse<string | undefined> = (text) => {
  if (text === "memory:") return { value: undefined };
  // `file://server/share` would name another machine, and `file:///folder` is the path /folder.
  const [, folder] = /^file:(?!\/\/[^/])(?:\/\/(?=\/))?(.+)$/.exec(text) ?? [];
  if (folder !== undefined) return { value: folder };
  return complaint("names no place that state can be kept in", "use file:FOLDER, as file:.packgate, or memory:");
};

/** Where an organization's policy is kept. */
export type PolicyPlace =
  | { readonly kind: "repository"; readonly repository: string; readonly path: string }
  | { readonly kind: "file"; readonly path: string };

/** `REPOSITORY:PATH` in each organization, or `file:PATH` on this machine. */
export const policyPlace: Parse<PolicyPlace> = (text) => {
  const [, scheme = "", path = ""] = /^([^:]*):(.+)$/.exec(text) ?? [];
  if (scheme === "file") return { value: { kind: "file", path } };
  const isPath = path !== "" && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (isPath && /^[\w.-]+$/.test(scheme)) return { value: { kind: "repository", repository: scheme, path } };
  const fix = "use REPOSITORY:PATH without an owner, as .github:packgate.toml, or file:PATH";
  return complaint("names no place that a policy can be kept in", fix);
};

/** An address to listen on: a name or an IP address without port or scheme. */
export const listenAddress: Parse<string> = (text) =>
  /^[\w.:-]+$/.test(text) && !text.includes("://") && !/^[^:]+:\d+$/.test(text)
    ? { value: text }
    : complaint("is not an address to listen on", "use an IP address or a host name, as in 0.0.0.0");

// Lenient on purpose: old logins may end in a dash, and GitHub refuses a wrong one anyway.
const LOGIN = /^[a-z0-9][a-z0-9_-]{0,99}$/;

/** A login in lower case, or `undefined` when the text cannot be one. */
export function parseLogin(text: string): string | undefined {
  const login = text.toLowerCase();
  return LOGIN.test(login) ? login : undefined;
}

/** Comma separated logins, in lower case. */
export const logins: Parse<readonly string[]> = (text) => {
  const complaints: Complaint[] = [];
  const seen = new Set<string>();
  for (const [index, entry] of text.split(",").entries()) {
    const login = parseLogin(entry.trim());
    if (login === undefined) {
      const fix = "write the organizations' logins, separated by commas";
      complaints.push({ problem: `entry ${index + 1} is not a login`, fix });
    } else if (seen.has(login)) {
      complaints.push({ problem: `entry ${index + 1} repeats an earlier one`, fix: "name each organization once" });
    } else {
      seen.add(login);
    }
  }
  return complaints.length > 0 ? { complaints } : { value: Object.freeze([...seen]) };
};
