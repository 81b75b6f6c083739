import * as z from "zod";
import { Question } from "../reference/question.ts";
import { startWorker } from "../worker.ts";
import type { Synchronised } from "./messages.ts";
import { Bytes, Counts, Environment, Outcomes, Synchronised as Schema } from "./messages.ts";

export interface Synchronisation extends Synchronised, Counts {
  /** Facts, claims and compiled access. */
  readonly stateBytes: number;
  readonly questions: number;
  readonly allowed: number;
  /** Where Packgate and the oracle disagree. */
  readonly wrong: readonly string[];
}

/**
 * Synchronises the reference organization, from a simulated GitHub over HTTP into a Packgate of its own process,
 * and compares random decisions with the oracle.
 */
export async function synchronise(count: number): Promise<Synchronisation> {
  const github = startWorker(import.meta.url, "github");
  // What README.md advises for a small server.
  const packgate = startWorker(import.meta.url, "packgate", { heap: 192 });
  try {
    const env = await github.ask({ kind: "environment" }, Environment);
    const synchronised = await packgate.ask({ kind: "synchronise", env }, Schema);
    const counts = await github.ask({ kind: "counts" }, Counts);
    const questions = await github.ask({ kind: "questions", count }, z.array(Question));
    const outcomes = await packgate.ask({ kind: "answer", questions }, Outcomes);
    const wrong = questions.flatMap(({ user, name, permission, allowed }, index) =>
      outcomes[index] === (allowed ? "allow" : "deny")
        ? []
        : [`user ${user} ${permission} ${name}: ${outcomes[index] ?? "no answer"}, but the oracle says ${allowed}`],
    );
    const stateBytes = await packgate.ask({ kind: "heap" }, Bytes);
    const allowed = questions.filter((question) => question.allowed).length;
    return { ...synchronised, ...counts, stateBytes, questions: questions.length, allowed, wrong };
  } finally {
    await Promise.all([github.stop(), packgate.stop()]);
  }
}
