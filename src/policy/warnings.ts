import type { ManifestProblem } from "../domain/facts.ts";
import { GITHUB_ROLES } from "../domain/facts.ts";
import type { Policy, Principal, Rule } from "../domain/policy.ts";
import { compilePublishers, publishersFor } from "../domain/publishers.ts";
import { EVERY_PERMISSION, githubRole, PERMISSION_BIT, permissionsIn } from "../domain/roles.ts";
import { list } from "../domain/words.ts";
import { closest } from "../text/closest.ts";
import { excerpt, quoted } from "../text/excerpt.ts";
import { NEWLINE } from "../text/position.ts";
import { isUnconditional, shadowOf } from "./shadows.ts";

/** Something that a valid policy says and that its author hardly means. */
export interface PolicyWarning extends ManifestProblem {
  readonly kind:
    | "owners-locked-out"
    | "nothing-served"
    | "never-matches"
    | "reserved-for-nobody"
    | "unknown-role"
    | "refused-publisher";
}

interface Doubt {
  readonly kind: PolicyWarning["kind"];
  /** `undefined`: the file as a whole. */
  readonly line: number | undefined;
  readonly message: string;
}

/** In the order of the file, what is about all of it first. */
export function warningsOf(policy: Policy, text: string, path: string): PolicyWarning[] {
  const lines = text.split(NEWLINE);
  const doubts = [
    ...lockedOut(policy),
    ...nothingServed(policy),
    ...unknownRoles(policy),
    ...reservedForNobody(policy),
    ...neverMatching(policy.rules),
    ...refusedPublishers(policy),
  ];
  return doubts
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ kind, line, message }) =>
      line === undefined
        ? { kind, path, message }
        : { kind, path, message, line, codeblock: excerpt(lines, { line, column: 1 }) },
    );
}

const CHANGING = EVERY_PERMISSION & ~PERMISSION_BIT.read;

/** Owners have the role admin everywhere; rules that cover every package take away from it. */
function lockedOut({ roles, rules }: Policy): Doubt[] {
  const row = roles.get("admin");
  let lost = EVERY_PERMISSION & ~(row?.permissions ?? githubRole("admin").mask);
  let line = lost === 0 ? undefined : row?.line;
  for (const rule of rules) {
    if (rule.effect !== "deny" || !rule.packages.includes("*")) continue;
    if (!isUnconditional(rule) || !rule.who.some(isEveryOwner)) continue;
    lost |= rule.permissions;
    line ??= rule.line;
  }
  if ((lost & PERMISSION_BIT.read) === 0 && (lost & CHANGING) !== CHANGING) return [];
  const words = permissionsIn(lost);
  const message = `No owner of the organization may ${list(words, "or", words.length)} packages any more, save where a rule for certain names allows it; leave owners something to mend with.`;
  return [{ kind: "owners-locked-out", line, message }];
}

function isEveryOwner({ kind, ...named }: Principal): boolean {
  return kind === "everyone" || kind === "members" || (kind === "role" && "name" in named && named.name === "admin");
}

function nothingServed({ names, packages }: Policy): Doubt[] {
  if (names.claim === "first" || packages.size > 0) return [];
  const message =
    'names.claim is "pinned" and nothing is pinned, so no package is served; pin some with: packgate claims --toml.';
  return [{ kind: "nothing-served", line: undefined, message }];
}

/** A custom role may be called anything, but a slip of the pen looks like one of GitHub's. */
function unknownRoles({ roles }: Policy): Doubt[] {
  return [...roles].flatMap(([name, { line }]): Doubt[] => {
    const meant = closest(name, GITHUB_ROLES);
    if (meant === undefined || meant === name) return [];
    const message = `${quoted(name)} is none of GitHub's own roles; if it is no custom role, did you mean ${quoted(meant)}?`;
    return [{ kind: "unknown-role", line, message }];
  });
}

function reservedForNobody({ names }: Policy): Doubt[] {
  return names.reserved
    .filter(({ repositories }) => repositories.length === 0)
    .map(({ pattern, line }) => {
      const message = `${quoted(pattern)} is reserved for no repository, so nobody may claim such names; list repositories, or pin the names.`;
      return { kind: "reserved-for-nobody", line, message };
    });
}

function neverMatching(rules: readonly Rule[]): Doubt[] {
  return rules.flatMap((rule): Doubt[] => {
    const reason = needsWorkflow(rule) ?? shadowOf(rule, rules);
    return reason === undefined ? [] : [{ kind: "never-matches", line: rule.line, message: reason }];
  });
}

function needsWorkflow({ who, when }: Rule): string | undefined {
  if (when.environment === undefined && when.ref === undefined) return undefined;
  if (who.some(({ kind }) => kind === "workflow" || kind === "everyone")) return undefined;
  return "This rule never matches: only workflows have an environment or a ref; name some with workflow:, or take the condition away.";
}

/** A rule that lets the runs of a repository publish, none of which does. */
function refusedPublishers(policy: Policy): Doubt[] {
  const book = compilePublishers(policy);
  return policy.rules.flatMap(({ who, permissions, effect, line }) => {
    if (effect === "deny" || (permissions & CHANGING) === 0) return [];
    return who.flatMap((principal): Doubt[] => {
      if (principal.kind !== "workflow") return [];
      const refusal = publishersFor(book, principal.name).find(({ when }) => when === undefined);
      if (refusal === undefined) return [];
      const message = `This rule lets workflow:${principal.name} change packages, and the entry of publishers in line ${refusal.line} refuses that whatever rules say; take one of them away.`;
      return [{ kind: "refused-publisher", line, message }];
    });
  });
}
