import type { z } from "zod";

import { baseUrl } from "../config/parsers.ts";
import { complaintSentence, errorCode, Failure, usageFailure } from "./failure.ts";
import type { Io } from "./io.ts";
import { REFUSAL } from "./replies.ts";

/** One question to a running Packgate. */
export interface Question<T> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** The shape of an answer. */
  readonly schema: z.ZodType<T>;
  /** Statuses besides 200 that carry an answer when the body has its shape. */
  readonly alsoAnswers?: readonly number[];
  /** Whether anybody may ask; the key then stays at home. */
  readonly open?: boolean;
}

const DEFAULT_URL = "http://127.0.0.1:3000";
const TIMEOUT_MS = 10_000;

/** Asks, and checks the answer: something of another shape is a failure, never a result. */
export async function ask<T>(io: Io, question: Question<T>): Promise<T> {
  const root = serverUrl(io);
  const key = question.open === true ? undefined : readKey(io);
  const { status, type, text } = await exchange(io, root, key, question);

  const body = parseJson(text);
  const answer = question.schema.safeParse(body);
  if (answer.success && (status === 200 || question.alsoAnswers?.includes(status))) return answer.data;

  const refusal = REFUSAL.safeParse(body);
  if (refusal.success) throw refused(root, status, refusal.data);
  const where = `${root}${question.path}`;
  if (status === 200 && body !== undefined && !answer.success) {
    const path = answer.error.issues[0]?.path.join(".") || "the top";
    throw new Failure(`${where} answers in an unexpected form (at ${path}); use the same version here and there`);
  }
  if (status === 429) throw new Failure(`${where} answers 429, for it is asked too often; try again in a minute`);
  if (status >= 500) throw new Failure(`${where} answers ${status}; look at the log of Packgate, or of the proxy`);
  const kind = type === "" ? "" : ` with ${type}`;
  throw new Failure(`${where} answers ${status}${kind}, which is not how Packgate answers; check PACKGATE_URL`);
}

async function exchange(io: Io, root: string, key: string | undefined, question: Question<unknown>) {
  const url = new URL(`${root}${question.path}`);
  for (const [name, value] of Object.entries(question.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const timeout = io.timeoutMs ?? TIMEOUT_MS;
  try {
    const response = await io.fetch(url, {
      method: question.method,
      headers: {
        accept: "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(question.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(question.body === undefined ? {} : { body: JSON.stringify(question.body) }),
      // A redirect would carry the key to wherever it points.
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    return { status: response.status, type, text: await response.text() };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      throw new Failure(`Packgate at ${root} did not answer within ${timeout / 1000} s; try again, or look at its log`);
    }
    const fix = "start it with: packgate serve, or set PACKGATE_URL to where it runs";
    throw new Failure(`cannot reach Packgate at ${root} (${errorCode(error) ?? "no connection"}); ${fix}`);
  }
}

function refused(root: string, status: number, { error, message }: z.infer<typeof REFUSAL>): Failure {
  if (error === "invalid_client") {
    const fix = "set it to the secret of a client in that server's PACKGATE_INDEX_CLIENTS";
    return new Failure(`Packgate at ${root} does not accept this PACKGATE_KEY; ${fix}`);
  }
  const told = `Packgate at ${root} says: ${message}`;
  return status === 400 ? usageFailure(told) : new Failure(told);
}

/** Where Packgate is, without a slash at the end. */
export function serverUrl({ env }: Io): string {
  const parsed = baseUrl(env["PACKGATE_URL"]?.trim() || DEFAULT_URL);
  if ("value" in parsed) return parsed.value;
  throw new Failure(`PACKGATE_URL ${complaintSentence(parsed.complaints)}`);
}

function readKey({ env }: Io): string {
  const key = env["PACKGATE_KEY"]?.trim() || undefined;
  if (key === undefined) {
    const fix = "set it to the secret of a client in the server's PACKGATE_INDEX_CLIENTS";
    throw new Failure(`PACKGATE_KEY is not set; ${fix}`);
  }
  // fetch quotes a header value that it cannot send, and this one is a secret.
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new Failure("PACKGATE_KEY holds characters that no secret has; copy it again, without spaces or line breaks");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
