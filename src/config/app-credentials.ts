import type { Secret } from "./parsers.ts";
import { parsePrivateKey } from "./private-key.ts";
import type { Reader } from "./reader.ts";
import { VARIABLES } from "./variables.ts";

/** The App's own OAuth client. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** The App's key from `PRIVATE_KEY_PATH` or `PRIVATE_KEY`; both would be two truths about one key. */
export function readPrivateKey(reader: Reader, readFile: (path: string) => string): Secret | undefined {
  const { privateKey, privateKeyPath } = VARIABLES;
  if (reader.isSet(privateKey) && reader.isSet(privateKeyPath)) {
    reader.fault(privateKeyPath.name, "is set, and so is PRIVATE_KEY", "keep one of them");
    return undefined;
  }
  if (reader.isSet(privateKey)) return reader.read(privateKey);

  const path = reader.read(privateKeyPath);
  if (path === undefined) return undefined;
  try {
    return reader.parse(privateKeyPath, readFile(path), parsePrivateKey);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    const fix = "check the path, and that this process may read the file";
    reader.fault(privateKeyPath.name, `names a file that cannot be read${code}`, fix);
    return undefined;
  }
}

export function readOAuthClient(reader: Reader): OAuthClient | undefined {
  const clientId = reader.read(VARIABLES.clientId);
  const clientSecret = reader.read(VARIABLES.clientSecret);
  if (clientId !== undefined && clientSecret !== undefined) return Object.freeze({ clientId, clientSecret });

  for (const { name } of [VARIABLES.clientId, VARIABLES.clientSecret].filter((half) => !reader.isSet(half))) {
    const other = name === VARIABLES.clientId.name ? VARIABLES.clientSecret : VARIABLES.clientId;
    if (reader.isSet(other)) reader.fault(name, `is not set, but ${other.name} is`, "set both or neither");
  }
  return undefined;
}
