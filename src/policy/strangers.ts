import type { BindableKind, BindablePrincipal } from "../domain/bindings.ts";
import { bindingKey, isBindable } from "../domain/bindings.ts";
import type { View } from "../domain/decide.ts";
import { GITHUB_ROLES } from "../domain/facts.ts";
import { carriedRepositoryNames, carriedSlugs } from "../domain/named.ts";
import type { Policy, Principal, Rule } from "../domain/policy.ts";
import { isName } from "../domain/publishers.ts";
import { policyPlace } from "../domain/roles-in-force.ts";
import { candidates } from "../domain/search.ts";
import { closest } from "../text/closest.ts";

// Most changes are of something else, and looking for each of them who is near to whom costs too much.
const found = new WeakMap<Policy, { readonly sources: readonly unknown[]; readonly sentences: readonly string[] }>();

/**
 * Whoever a policy names and nobody is, as sentences that name the place.
 *
 * @param clients names of the index clients that there are
 */
export function strangersIn(view: View, clients: readonly string[]): readonly string[] {
  return [...strangersInRules(view), ...strangersInPublishers(view), ...strangeIndexes(view.policy, clients)];
}

/** Names in rules that nobody has, or that others have by now than those whom the rules mean. */
export function strangersInRules(view: View): readonly string[] {
  const { policy, ready, facts, bindings, organization } = view;
  if (!ready || policy.rules.length === 0) return [];
  const { teams, members, customRoles, access, repositories } = facts;
  const sources = [bindings, teams, members, customRoles, access, repositories, organization.login];
  const last = found.get(policy);
  if (last?.sources.every((source, at) => source === sources[at]) === true) return last.sentences;
  const whatOf = strangerIn(view);
  const sentences = policy.rules.flatMap((rule) =>
    rule.who.flatMap((principal) => {
      const what = "name" in principal ? whatOf(principal, rule) : undefined;
      return what === undefined ? [] : [`${policyPlace(rule.line)}: a rule names ${what}`];
    }),
  );
  found.set(policy, { sources, sentences });
  return sentences;
}

/** Names of index clients in rules that the configuration does not have. */
export function strangeIndexes({ rules }: Policy, clients: readonly string[]): readonly string[] {
  const fixOf = fixes();
  return rules.flatMap(({ indexes, line }) =>
    (indexes ?? []).flatMap((name) => {
      if (clients.includes(name)) return [];
      const place = `${policyPlace(line)}: a rule names the index client "${name}"`;
      return [`${place}, which PACKGATE_INDEX_CLIENTS does not have, and so holds for none; ${fixOf(name, clients)}`];
    }),
  );
}

/** Repositories by whose name `[publishers]` limits runs, and that are not there: whoever renames one is out of its limit. */
export function strangersInPublishers({ policy, ready, facts, organization }: View): string[] {
  const named = policy.publishers.filter(isName);
  if (!ready || named.length === 0) return [];
  const known = new Set(Array.from(facts.repositories.values(), ({ value }) => value.name.toLowerCase()));
  const fixOf = fixes();
  return named.flatMap(({ repositories, line }) => {
    if (known.has(repositories)) return [];
    return [
      `${policyPlace(line)}: publishers names the repository "${repositories}", which ${organization.login} does not know, and so limits nobody; ${fixOf(repositories, known)}`,
    ];
  });
}

/** So many are told what was perhaps meant: to compare each of many names with everybody's keeps the others waiting. */
const MOST_GUESSES = 20;

/** What to do about a name that nobody has, of as many as there may be. */
function fixes(): (name: string, known: Iterable<string>, prefix?: string) => string {
  let asked = 0;
  return (name, known, prefix = "") => {
    asked += 1;
    const meant = asked > MOST_GUESSES ? undefined : closest(name, [...known]);
    return meant === undefined ? "correct it, or remove it" : `did you mean "${prefix}${meant}"?`;
  };
}

type NamedPrincipal = Extract<Principal, { readonly name: string }>;

function strangerIn(view: View): (principal: NamedPrincipal, rule: Rule) => string | undefined {
  const rosters = new Map<BindableKind, Roster>();
  const rosterOf = (kind: BindableKind): Roster => {
    const roster = rosters.get(kind) ?? rosterIn(view, kind);
    rosters.set(kind, roster);
    return roster;
  };
  let roles: ReadonlySet<string> | undefined;
  const fixOf = fixes();
  const unknown = ({ kind, name }: NamedPrincipal, known: ReadonlySet<string>, { effect }: Rule): string => {
    const what = effect === "deny" ? "denies it nothing" : "allows it nothing";
    const fix = fixOf(name, known, `${kind}:`);
    return `"${kind}:${name}", which ${view.organization.login} does not know, and so ${what}; ${fix}`;
  };
  return (principal, rule) => {
    if (!isBindable(principal)) {
      // A role's name counts in its own spelling.
      roles ??= rolesIn(view);
      return roles.has(principal.name) ? undefined : unknown(principal, roles, rule);
    }
    const roster = rosterOf(principal.kind);
    const key = bindingKey(principal.kind, principal.name);
    const bound = view.bindings.get(key);
    if (bound !== undefined && roster.nameOf.has(bound)) return movedOn(principal, roster.nameOf.get(bound));
    if (!roster.names.has(principal.name.toLowerCase())) return unknown(principal, roster.names, rule);
    if (bound !== undefined) return replaced(principal);
    return view.bindings.has(key) ? came(principal) : undefined;
  };
}

/** Who is called what now. */
interface Roster {
  readonly nameOf: ReadonlyMap<number, string>;
  /** In lower case. */
  readonly names: ReadonlySet<string>;
}

function rosterIn(view: View, kind: BindableKind): Roster {
  const { facts } = view;
  const carried = { team: carriedSlugs, workflow: carriedRepositoryNames };
  const nameOf = kind === "user" ? candidates(view) : new Map(carried[kind](facts));
  return { nameOf, names: new Set(Array.from(nameOf.values(), (name) => name.toLowerCase())) };
}

function movedOn({ kind, name }: BindablePrincipal, now: string | undefined): string | undefined {
  if (now?.toLowerCase() === name.toLowerCase()) return undefined;
  return `"${kind}:${name}", which is called ${now} now and is still meant: update the rule.`;
}

function came({ kind, name }: BindablePrincipal): string {
  return `"${kind}:${name}", which nobody had when the policy was pushed, and whoever has it now gets nothing by it: if that one is meant, push the policy with a change.`;
}

function replaced({ kind, name }: BindablePrincipal): string {
  return `"${kind}:${name}", which is another one now than the rule was written for, and gets nothing by it: if that one is meant, take the rule out, push, and put it in again.`;
}

function rolesIn({ facts, policy }: View): ReadonlySet<string> {
  const granted = [...facts.access.values()].flatMap(({ value: { collaborators, teams } }) => [
    ...Array.from(collaborators.values(), ({ role }) => role.name),
    ...Array.from(teams.values(), ({ name }) => name),
  ]);
  return new Set([...GITHUB_ROLES, ...(facts.customRoles?.value.keys() ?? []), ...policy.roles.keys(), ...granted]);
}
