import type { View } from "../../domain/decide.ts";
import type { RepositoryId } from "../../domain/facts.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { Entity } from "../contract/authzen.ts";
import type { Asker } from "../decision/answer.ts";
import { askerOf } from "../decision/answer.ts";
import type { Identity } from "../decision/identity.ts";
import { MISMATCH, sameLogin } from "../decision/identity.ts";

/** The types of subjects: people, by login or numeric id, and runs of workflows, by `owner/repo` or its numeric id. */
export const USER = "user";
export const WORKLOAD = "workload";

const AMBIGUOUS = "more than one repository may be meant by this name; ask with a numeric id";
const NUMERIC_ID = /^[1-9][0-9]{0,15}$/;

/** Whom a subject means. @returns `undefined` for a type or a repository that we do not know */
export function askerFor(view: View, { type, id }: Entity): Asker | undefined {
  if (type === USER) return askerOf(view, { status: "vouched", user: id });
  if (type !== WORKLOAD) return undefined;
  const [first, ...others] = repositoriesMeant(view, id);
  if (others.length > 0) return { kind: "uncertain", message: AMBIGUOUS };
  return first === undefined ? undefined : { kind: "workload", repository: first, name: nameOf(view, first) };
}

/** Who showed a token, if that is the subject; anybody else's is refused as it is beside another login. */
export function shownBy(view: View, { type, id }: Entity, identity: Identity): Identity {
  const isMeant = (owner: { readonly id: number; readonly login: string }): boolean =>
    type === USER && (id === String(owner.id) || sameLogin(id, owner.login));
  switch (identity.status) {
    case "user":
      return isMeant(identity.identity) ? identity : MISMATCH;
    case "workload":
      return type === WORKLOAD && repositoriesMeant(view, id).includes(identity.identity.run.repository)
        ? identity
        : MISMATCH;
    case "unverifiable":
      return identity.lastKnown === undefined || isMeant(identity.lastKnown) ? identity : { status: "unverifiable" };
    case "installation":
      return MISMATCH;
    case "nobody":
    case "refused":
      return identity;
  }
}

/** What is told of a run beside its repository. */
export function circumstancesOf({ type, properties }: Omit<Entity, "id">, index: string): Circumstances {
  if (type !== WORKLOAD) return { index };
  const { workflow, event, environment, ref } = properties ?? {};
  return {
    index,
    workflow: typeof workflow === "string" ? workflow : undefined,
    event: typeof event === "string" ? event : undefined,
    environment: typeof environment === "string" ? environment : undefined,
    ref: typeof ref === "string" ? ref : undefined,
  };
}

/** What leads back to each repository: its full name, or the number where a name is in doubt. */
export function workloads(view: View): readonly (readonly [repository: RepositoryId, id: string])[] {
  return [...view.facts.repositories.keys()].map((repository) => {
    const name = nameOf(view, repository);
    return [repository, repositoriesMeant(view, name).length === 1 ? name : String(repository)];
  });
}

function repositoriesMeant(view: View, id: string): readonly RepositoryId[] {
  const { repositories } = view.facts;
  if (NUMERIC_ID.test(id)) return repositories.has(Number(id)) ? [Number(id)] : [];
  return namesOf(view).get(id.toLowerCase()) ?? [];
}

function nameOf({ organization, facts }: View, repository: RepositoryId): string {
  return `${organization.login}/${facts.repositories.get(repository)?.value.name ?? String(repository)}`;
}

// Facts are never changed, so their names are those of the object; GitHub's names are ASCII and know no letter case.
const namesByFacts = new WeakMap<object, ReadonlyMap<string, readonly RepositoryId[]>>();

function namesOf(view: View): ReadonlyMap<string, readonly RepositoryId[]> {
  const known = namesByFacts.get(view.facts);
  if (known !== undefined) return known;
  const names = new Map<string, RepositoryId[]>();
  for (const id of view.facts.repositories.keys()) {
    const name = nameOf(view, id).toLowerCase();
    names.set(name, [...(names.get(name) ?? []), id]);
  }
  namesByFacts.set(view.facts, names);
  return names;
}
