import type { Visibility } from "../../src/domain/facts.ts";
import type { Principal, Rule } from "../../src/domain/policy.ts";

/** Everything that a rule can turn on, as plain words. Names are in lower case. */
export interface RuleQuestion {
  readonly package: string;
  /** One bit. */
  readonly permission: number;
  readonly index: string | undefined;
  readonly visibility: Visibility;
  readonly environment: string | undefined;
  readonly ref: string | undefined;
  /** As principals are written: `user:alice`, `team:release`, …, `everyone`. */
  readonly isCalled: readonly string[];
}

/**
 * The rule that decides, as one would read the contract aloud: of the rules that hold, one with the most specific
 * pattern; of several, one that denies; of several, the first. Shares no code with what is tested.
 */
export function decidingRule(rules: readonly Rule[], asked: RuleQuestion): Rule | undefined {
  let best: { readonly rule: Rule; readonly specificity: number } | undefined;
  for (const rule of rules) {
    const specificity = Math.max(...rule.packages.map((pattern) => specificityOf(pattern, asked.package)));
    if (specificity < 0 || !holds(rule, asked)) continue;
    const isBetter = best === undefined || specificity > best.specificity;
    const denies = best?.specificity === specificity && rule.effect === "deny" && best.rule.effect === "allow";
    if (isBetter || denies) best = { rule, specificity };
  }
  return best?.rule;
}

/** Below zero: does not cover it. */
function specificityOf(pattern: string, name: string): number {
  if (pattern === "*") return 0;
  if (!pattern.endsWith("-*")) return pattern === name ? 10_000 : -1;
  return `${name}-`.startsWith(pattern.slice(0, -1)) ? pattern.length : -1;
}

function holds({ permissions, indexes, when, who }: Rule, asked: RuleQuestion): boolean {
  if ((permissions & asked.permission) === 0) return false;
  if (indexes !== undefined && !indexes.some((index) => index === asked.index)) return false;
  if (when.visibility !== undefined && !when.visibility.includes(asked.visibility)) return false;
  if (when.environment !== undefined && !when.environment.some((name) => name === asked.environment)) return false;
  if (when.ref !== undefined && !when.ref.some((glob) => fits(glob, asked.ref))) return false;
  return who.some((principal) => asked.isCalled.includes(written(principal)));
}

const fits = (glob: string, ref: string | undefined): boolean =>
  ref !== undefined && new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(ref);
const written = (one: Principal): string => ("name" in one ? `${one.kind}:${one.name.toLowerCase()}` : one.kind);
