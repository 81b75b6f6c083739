import { readFile } from "node:fs/promises";
import type { PolicyPlace } from "../config.ts";
import type { ManifestProblem, PolicyReading } from "../domain/facts.ts";
import { DEFAULT_POLICY } from "../domain/policy.ts";
import type { ReaderOptions } from "../github/reader/reader.ts";
import { readFileAt } from "../github/reader/policy.ts";
import type { SourceFile } from "../manifests/index.ts";
import { textOf } from "../manifests/index.ts";
import { parsePolicy } from "../policy/parse.ts";
import { TextFault } from "../text/fault.ts";

/** What a policy's text means; no text means the defaults. @param path how the file is called in faults */
export function readPolicyText(text: string | undefined, path: string): PolicyReading {
  if (text === undefined) return { text, policy: DEFAULT_POLICY, faults: [] };
  const parsed = parsePolicy(text, path);
  return "policy" in parsed
    ? { text, policy: parsed.policy, faults: [] }
    : { text, policy: undefined, faults: parsed.faults };
}

/** What a text means that was kept in this place. */
export function textReader(place: PolicyPlace): (text: string | undefined) => PolicyReading {
  return (text) => readPolicyText(text, nameOf(place));
}

/** How a place is called in faults, as `PACKGATE_POLICY` has it. */
function nameOf(place: PolicyPlace): string {
  return place.kind === "file" ? place.path : `${place.repository}:${place.path}`;
}

/** Reads the policy from where it is kept. */
export function policyReader(place: PolicyPlace): ReaderOptions["readPolicy"] {
  const name = nameOf(place);
  if (place.kind === "file") return () => readLocal(place.path);
  return async (client, organization) => {
    const file = await readFileAt(client, organization, place);
    return file === undefined ? readPolicyText(undefined, name) : readSource(file, name);
  };
}

/** A file that somebody named and that is not there is a mistake, and no wish for the defaults. */
async function readLocal(path: string): Promise<PolicyReading> {
  try {
    const bytes = await readFile(path);
    return readSource({ path, kind: "file", size: bytes.length, text: bytes.toString() }, path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return unreadable(undefined, {
      path,
      message: `The file cannot be read (${code}); check the path in PACKGATE_POLICY.`,
    });
  }
}

function readSource(file: SourceFile, name: string): PolicyReading {
  try {
    return readPolicyText(textOf(file), name);
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
    return unreadable(file.text ?? undefined, { path: name, message: error.message, ...error.at });
  }
}

function unreadable(text: string | undefined, fault: ManifestProblem): PolicyReading {
  return { text, policy: undefined, faults: [fault] };
}
