import { baseUrl } from "../../config/parsers.ts";
import { misuse } from "../arguments.ts";
import { complaintSentence } from "../failure.ts";
import type { Io } from "../io.ts";
import { serverUrl } from "../packgate.ts";
import type { Arguments, Option } from "../verb.ts";

/** The index that somebody logs in to, and how each tool calls it. */
export interface IndexUrl {
  /** In full, with a slash at the end: by this twine asks its keyring, which knows the URL of uploads. */
  readonly url: string;
  /** Where the proxy of the index hands `/_/` to Packgate, whatever the path of the index. */
  readonly origin: string;
  /** With its port where it has an own: by this pip and uv ask their keyring. */
  readonly host: string;
  /** Without: by this everybody reads netrc. */
  readonly machine: string;
}

export const URL_OPTION: Option = { value: "URL", meaning: "the index; PACKGATE_URL unless told" };

export function indexUrl(verb: string, args: Arguments, io: Io): IndexUrl {
  const text = args.text("url");
  if (text === undefined) return parts(serverUrl(io));
  const parsed = baseUrl(text);
  if ("value" in parsed) return parts(parsed.value);
  throw misuse({ name: verb }, `cannot use --url: it ${complaintSentence(parsed.complaints)}`);
}

function parts(text: string): IndexUrl {
  const { origin, host, hostname } = new URL(text);
  return { url: `${text}/`, origin, host, machine: hostname };
}

/**
 * The index that a keyring is asked about: by its URL, or by its host alone.
 *
 * @returns `undefined` for what no login is kept for, such as plain http to another machine
 */
export function indexAskedAbout(service: string): IndexUrl | undefined {
  const parsed = baseUrl(service.includes("://") ? service : `https://${service}`);
  return "value" in parsed ? parts(parsed.value) : undefined;
}
