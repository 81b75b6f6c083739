import type { Decision, Subject, View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import type { RepositoryId, UserId } from "../../domain/facts.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { PackageName } from "../../domain/package-name.ts";
import { fullName } from "../../domain/phrases.ts";
import type { Permission } from "../../domain/roles.ts";
import type { Workload } from "../../domain/runs.ts";
import * as runs from "../../domain/runs.ts";
import type { InstallationIdentity } from "../service.ts";

/** Who asks, as far as a decision goes. */
export type Bearer =
  | { readonly kind: "person"; readonly user: { readonly id: UserId; readonly login: string } }
  /** A run of a repository's workflow, vouched for by the index. */
  | { readonly kind: "workload"; readonly repository: RepositoryId; readonly name: string }
  /** A run that showed a token. */
  | { readonly kind: "run"; readonly workload: Workload }
  | { readonly kind: "installation"; readonly installation: InstallationIdentity }
  /** Vouched for, but nobody we know: no member and no collaborator, so nothing was granted. */
  | { readonly kind: "stranger" }
  | { readonly kind: "nobody" };

/** What the facts say; or why the token does not reach so far, whatever they say: the end of a sentence. */
export type Judgement =
  { readonly decision: Decision } | { readonly status: "beyond" | "uncertain"; readonly problem: string };

/** What a caller sent may be a secret in the wrong field, so a stranger is never named. */
const STRANGER = "this user";
const ANYBODY = "anybody";
/** GitHub numbers its users and repositories from 1, so nothing is ever granted to these. */
const NO_USER: UserId = 0;
const NO_REPOSITORY: RepositoryId = 0;
const EVERYONE = { kind: "everyone" } as const;

/** Decides for whoever holds a token: what the holder may, within what the token is good for. */
export function judgeFor(
  view: View,
  bearer: Bearer,
  permission: Permission,
  name: PackageName,
  circumstances: Circumstances,
): Judgement {
  if (bearer.kind === "run") {
    const problem = runs.outOfReach(view, bearer.workload, permission, name);
    if (problem !== undefined) return { status: "beyond", problem };
  }
  if (bearer.kind === "workload" && permission !== "read") {
    const problem = runs.foreignEvent(circumstances.event);
    if (problem !== undefined) return { status: "beyond", problem };
  }
  if (bearer.kind === "installation") {
    if (permission !== "read") return { status: "beyond", problem: READS_ONLY };
    const holder = view.claims.get(name)?.repository;
    if (holder !== undefined && !bearer.installation.repositories.has(holder)) {
      if (bearer.installation.complete) return { status: "beyond", problem: "the token cannot see its repository" };
      return { status: "uncertain", problem: TOO_MANY };
    }
  }
  return {
    decision: decide(view, subjectOf(view, bearer, name), permission, name, circumstancesOf(bearer, circumstances)),
  };
}

const TOO_MANY =
  "the token can see more repositories than are looked at: make it for fewer, or show a token of a person or of the run";

/** What it comes to, where nobody asks why. */
export function outcomeFor(...asked: Parameters<typeof judgeFor>): Decision["outcome"] {
  return outcomeOf(judgeFor(...asked));
}

export function outcomeOf(judgement: Judgement): Decision["outcome"] {
  if ("decision" in judgement) return judgement.decision.outcome;
  return judgement.status === "beyond" ? "deny" : "unknown";
}

const READS_ONLY =
  "the token of an installation may only read: a workflow publishes with its OIDC token (permissions: id-token: write)";

export function subjectOf(view: View, bearer: Bearer, name?: PackageName): Subject {
  switch (bearer.kind) {
    case "person":
      return { kind: "user", id: bearer.user.id };
    case "workload":
      return { kind: "workload", repository: bearer.repository };
    case "run":
      return { kind: "workload", repository: bearer.workload.run.repository };
    // It may read what it can see, as a run there may; which App it belongs to nobody can tell.
    case "installation":
      return { kind: "workload", repository: (name && view.claims.get(name)?.repository) ?? NO_REPOSITORY };
    case "stranger":
      return { kind: "user", id: NO_USER };
    case "nobody":
      return EVERYONE;
  }
}

/** Where a question comes from, as far as the index knows and the bearer shows. */
export function circumstancesOf(bearer: Bearer, given: Circumstances): Circumstances {
  return bearer.kind === "run" ? runs.circumstancesOf(bearer.workload.run, given.index) : given;
}

/** What to call whoever asks. */
export function nameOf(view: View, bearer: Bearer): string {
  switch (bearer.kind) {
    case "person":
      return bearer.user.login;
    case "workload":
      return bearer.name;
    case "run":
      return `a run of ${fullName(view, bearer.workload.run.repository)}`;
    case "installation":
      return "an installation";
    case "stranger":
      return STRANGER;
    case "nobody":
      return ANYBODY;
  }
}
