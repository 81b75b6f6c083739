import type { Decision, Subject } from "../../src/domain/decide.ts";

/** Compiled by `tsc`, never run: each line that must not compile says so, and `tsc` fails if it does. */

declare const decision: Decision;

// @ts-expect-error an unknown is no refusal: it has no grant that could be shown
export const shown: string = decision.outcome === "unknown" ? decision.grant.kind : "";

// @ts-expect-error a refusal is not always about a repository
export const repository: string = decision.outcome === "deny" ? decision.repository.name : "";

export const granted: string = decision.outcome === "allow" ? decision.reason : "";

// @ts-expect-error whoever is identified is identified by number, never by login
export const byLogin: Subject = { kind: "user", id: "alice" };
