import type { BindableKind, Bindings } from "../domain/bindings.ts";
import { BINDABLE, bindingKey, isBindable } from "../domain/bindings.ts";
import type { Facts } from "../domain/facts.ts";
import { carriedLogins, carriedRepositoryNames, carriedSlugs, carriersOf } from "../domain/named.ts";
import type { Rule } from "../domain/policy.ts";
import type { SliceKey } from "./slice.ts";

export interface Bound {
  /** The very same where nothing has changed. */
  readonly bindings: Bindings;
  /** What must be read before a name that is still open can be bound. */
  readonly next: readonly SliceKey[];
  /** Whether it is settled of every name whom it means. */
  readonly isComplete: boolean;
}

/**
 * Binds the names in rules that are not bound yet, and lets go of those that no rule has any more. It takes facts that are
 * no older than the rule: an older list may show who had the name before whom the rule means, and nothing would ever
 * mend that.
 *
 * @param since when the rules came into force, in epoch milliseconds; `-Infinity`: any facts will do
 */
export function bindNames(before: Bindings, rules: readonly Rule[], facts: Facts, since: number): Bound {
  const named = rules.flatMap(({ who }) => who.filter(isBindable));
  const keys = new Set(named.map(({ kind, name }) => bindingKey(kind, name)));
  const bindings = new Map([...before].filter(([key]) => keys.has(key)));
  let isSame = bindings.size === before.size;
  const next = new Set<SliceKey>();
  for (const kind of BINDABLE) {
    const open = named.filter((one) => one.kind === kind && !before.has(bindingKey(kind, one.name)));
    if (open.length === 0) continue;
    const names = new Set(open.map(({ name }) => name.toLowerCase()));
    const carriers = carriersOf(names, CARRIED[kind](facts));
    for (const name of names) {
      const carrier = carriers.get(name);
      // Of several that seem to have it, nobody knows yet which it is.
      if (carrier === "several") continue;
      const source = sourceOf(facts, kind, carrier);
      if (source !== undefined && source.asOf < since) next.add(source.key);
      else {
        bindings.set(bindingKey(kind, name), carrier);
        isSame = false;
      }
    }
  }
  return { bindings: isSame ? before : bindings, next: [...next], isComplete: bindings.size === keys.size };
}

/** Whoever has by now a name that nobody had may be meant by who pushes the policy again. */
export function boundToSomebody(bindings: Bindings): Bindings {
  return new Map([...bindings].filter(([, whom]) => whom !== undefined));
}

const CARRIED = { user: carriedLogins, team: carriedSlugs, workflow: carriedRepositoryNames };

/** What shows who has a name, or that nobody has; `undefined`: nothing that could be read in a moment. */
function sourceOf(
  facts: Facts,
  kind: BindableKind,
  carrier: number | undefined,
): { readonly key: SliceKey; readonly asOf: number } | undefined {
  const { teams, members, repositories, access } = facts;
  if (kind === "team") return teams && { key: "teams", asOf: teams.asOf };
  if (kind === "workflow") {
    // Who says that nobody has it is the list of all repositories, which is too much to read for one name.
    const found = carrier === undefined ? undefined : repositories.get(carrier);
    return carrier === undefined ? undefined : found && { key: `repository/${carrier}`, asOf: found.asOf };
  }
  if (carrier === undefined || members?.value.has(carrier) === true) {
    return members && { key: "members", asOf: members.asOf };
  }
  const [latest] = [...access]
    .filter(([, { value }]) => value.collaborators.has(carrier))
    .toSorted(([, one], [, other]) => other.asOf - one.asOf);
  return latest && { key: `access/${latest[0]}`, asOf: latest[1].asOf };
}
