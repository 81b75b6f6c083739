import type { Principal, Rule } from "../domain/policy.ts";
import { PERMISSION_BIT, PERMISSIONS } from "../domain/roles.ts";
import { list } from "../domain/words.ts";

/** Whether a rule holds wherever its names and people do. */
export function isUnconditional({ indexes, when }: Rule): boolean {
  return indexes === undefined && Object.values(when).every((condition) => condition === undefined);
}

/**
 * Why a rule never decides anything: for each of its patterns and permissions, another rule on the same pattern holds
 * whenever it does, and wins.
 */
export function shadowOf(rule: Rule, rules: readonly Rule[]): string | undefined {
  const index = rules.indexOf(rule);
  const wider = rules.filter((other, place) => wins(other, place, rule, index) && holdsWhenever(other, rule));
  const shadows = new Set<Rule>();
  for (const pattern of rule.packages) {
    for (const permission of PERMISSIONS) {
      const bit = PERMISSION_BIT[permission];
      if ((rule.permissions & bit) === 0) continue;
      const shadow = wider.find((other) => (other.permissions & bit) !== 0 && other.packages.includes(pattern));
      if (shadow === undefined) return undefined;
      shadows.add(shadow);
    }
  }
  const lines = Array.from(shadows, ({ line }) => String(line));
  const which = lines.length === 1 ? "the rule in line" : "the rules in lines";
  const why = `${which} ${list(lines)} ${lines.length === 1 ? "decides" : "decide"} wherever it could`;
  return `This rule never decides anything: ${why}; remove it, or name fewer people or packages there.`;
}

/** Of two rules on one pattern, deny wins; of two that say the same, the first is enough. */
function wins(other: Rule, place: number, rule: Rule, index: number): boolean {
  return other.effect === rule.effect ? place < index : other.effect === "deny";
}

function holdsWhenever(wider: Rule, rule: Rule): boolean {
  return (
    includesAll(wider.indexes, rule.indexes) &&
    includesAll(wider.when.visibility, rule.when.visibility) &&
    includesAll(wider.when.environment, rule.when.environment) &&
    includesAll(wider.when.ref, rule.when.ref) &&
    rule.who.every((one) => wider.who.some((other) => contains(other, one)))
  );
}

/** `undefined` stands for whatever there is. */
function includesAll<T>(wider: readonly T[] | undefined, some: readonly T[] | undefined): boolean {
  if (wider === undefined) return true;
  return some !== undefined && some.every((item) => wider.includes(item));
}

function contains(wider: Principal, one: Principal): boolean {
  if (wider.kind === "everyone") return true;
  if (wider.kind === "members") return one.kind === "members" || one.kind === "team";
  return (
    wider.kind === one.kind && "name" in one && "name" in wider && wider.name.toLowerCase() === one.name.toLowerCase()
  );
}
