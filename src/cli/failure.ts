import type { Complaint } from "../config/parsers.ts";
import { EXIT } from "./io.ts";

/** What a command tells a person instead of a result: one sentence with what to do. Never holds a secret. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.error) {
    super(message);
    this.name = "Failure";
    this.exitCode = exitCode;
  }
}

/** The command line itself is wrong. */
export function usageFailure(message: string): Failure {
  return new Failure(message, EXIT.usage);
}

/** What is wrong with a value, and what to do about it, as one sentence. */
export function complaintSentence(complaints: readonly Complaint[]): string {
  return complaints.map(({ problem, fix }) => `${problem}; ${fix}`).join(", and ");
}

/** The system's code of a failed call, as `ECONNREFUSED`; fetch hides it in the cause. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return error.errors.map(errorCode).find((code) => code !== undefined);
  return errorCode(error.cause);
}
