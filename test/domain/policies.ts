import type { Conditions, Policy, Principal, Publisher, Rule } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { PERMISSION_BIT } from "../../src/domain/roles.ts";

/** A rule as the file would have it, in a line: `allow team:release ru acme-*`. */
export type RuleText = string;

const LETTERS = { r: "read", c: "upload", u: "yank", d: "delete", m: "manage" } as const;

/** The letters of grainy as a mask. */
export function mask(letters: string): number {
  return Object.entries(LETTERS).reduce(
    (bits, [letter, permission]) => (letters.includes(letter) ? bits | PERMISSION_BIT[permission] : bits),
    0,
  );
}

export const ALL = mask("rcudm");

/** @param text effect, principals, letters, patterns; several of a kind are separated by commas */
export function rule(
  text: RuleText,
  more: Partial<Omit<Rule, "when">> & { readonly when?: Partial<Conditions> } = {},
): Rule {
  const [effect = "", who = "", letters = "", packages = ""] = text.split(" ");
  const none: Conditions = { visibility: undefined, environment: undefined, ref: undefined };
  return {
    who: who.split(",").map(principal),
    packages: packages.split(","),
    indexes: undefined,
    permissions: mask(letters),
    effect: effect === "deny" ? "deny" : "allow",
    line: 1,
    ...more,
    when: { ...none, ...more.when },
  };
}

function principal(text: string): Principal {
  if (text === "everyone" || text === "members") return { kind: text };
  const [kind, name = ""] = text.split(":");
  if (kind !== "user" && kind !== "team" && kind !== "role" && kind !== "workflow") throw new Error(`nobody: ${text}`);
  return { kind, name };
}

/** Rules in the order of the file; each text stands on the line of its place, from 1. */
export function rules(...texts: readonly RuleText[]): Policy {
  return { ...DEFAULT_POLICY, rules: texts.map((text, index) => rule(text, { line: index + 1 })) };
}

/**
 * Publishers in the order of the file, each on the line of its place: `core workflow=release.yml,ci.yml ref=refs/tags/*`,
 * `exp-* refuse` or `web default`.
 */
export function publishers(...texts: readonly string[]): Policy {
  return { ...DEFAULT_POLICY, publishers: texts.map((text, index) => publisher(text, index + 1)) };
}

function publisher(text: string, line: number): Publisher {
  const [repositories = "", ...given] = text.split(" ");
  const globs = (key: string) =>
    given
      .find((each) => each.startsWith(`${key}=`))
      ?.slice(key.length + 1)
      .split(",");
  const when = {
    workflow: globs("workflow"),
    event: globs("event"),
    environment: globs("environment"),
    ref: globs("ref"),
  };
  return { repositories, when: given[0] === "refuse" ? undefined : when, line };
}
