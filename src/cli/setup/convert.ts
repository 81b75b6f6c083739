import { z } from "zod";

import { errorCode, Failure } from "../failure.ts";
import type { Io } from "../io.ts";

/** What GitHub hands over once, for the code: the only time the key can be had. */
const CONVERSION = z.looseObject({
  id: z.number().int().positive(),
  slug: z.string().optional(),
  html_url: z.url(),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  webhook_secret: z.string().min(1).nullish(),
  pem: z.string().startsWith("-----BEGIN"),
});
export type Conversion = z.infer<typeof CONVERSION>;

const TIMEOUT_MS = 10_000;
const AGAIN = "run packgate setup again";

/** Exchanges the code for the App's credentials. GitHub takes each code once, and for one hour. */
export async function convert(io: Io, apiUrl: string, code: string): Promise<Conversion> {
  const { status, body } = await exchange(io, apiUrl, code);
  if (status === 404)
    throw new Failure(`GitHub does not know this code: it was used, or is over an hour old; ${AGAIN}`);
  if (status === 422)
    throw new Failure(`GitHub refuses the manifest (422); compare app.yml with the original, and ${AGAIN}`);
  if (status !== 201) throw new Failure(`GitHub answers ${status} instead of the App's credentials; ${AGAIN}`);
  const result = CONVERSION.safeParse(body);
  if (result.success) return result.data;
  // Only the path: the value beside it may be a secret.
  const path = result.error.issues[0]?.path.join(".") || "the top";
  throw new Failure(`GitHub's answer lacks the App's credentials (at ${path}); delete the App there, and ${AGAIN}`);
}

async function exchange(io: Io, apiUrl: string, code: string): Promise<{ status: number; body: unknown }> {
  try {
    const response = await io.fetch(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
      method: "POST",
      headers: { accept: "application/vnd.github+json", "user-agent": "packgate" },
      redirect: "error",
      signal: AbortSignal.timeout(io.timeoutMs ?? TIMEOUT_MS),
    });
    return { status: response.status, body: await jsonOf(response) };
  } catch (error) {
    const why = errorCode(error) ?? "no connection";
    throw new Failure(`cannot reach GitHub at ${apiUrl} (${why}); check the network, and ${AGAIN}`);
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    // A body that is no JSON is judged by its status; a broken connection is not a body.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
