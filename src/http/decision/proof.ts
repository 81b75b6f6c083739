import type { Decision, View } from "../../domain/decide.ts";
import type { RepositoryId } from "../../domain/facts.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { PackageName } from "../../domain/package-name.ts";
import { fullName } from "../../domain/phrases.ts";
import type { Permission } from "../../domain/roles.ts";
import type { Sight, TokenIdentity } from "../service.ts";
import { judgeFor } from "./bearer.ts";

/** What GitHub said, asked with a token itself, of the repositories that it was to see. */
export type Sights = ReadonlyMap<RepositoryId, Sight>;

export const NOTHING_SEEN: Sights = new Map();

/**
 * The repository that a person's token must be able to see before a decision counts (`[tokens] proof`): that somebody
 * may is not yet that this token of theirs may. GitHub enforces thereby SSO, the token's own selection of repositories,
 * and which Apps the organization lets in.
 */
export function toBeSeen(view: View, permission: Permission, decision: Decision): RepositoryId | undefined {
  if (decision.outcome !== "allow" || view.policy.tokens.proof[permission] === "identity") return undefined;
  return decision.repository?.id;
}

/**
 * Asks what has to be known of a token before {@link toBeSeen} can be answered. At once when all of it is known.
 *
 * @param most of more repositories than this nothing is asked
 */
export function prove(
  view: View,
  identity: TokenIdentity,
  questions: readonly (readonly [Permission, PackageName])[],
  circumstances: Circumstances,
  most = Infinity,
): Sights | Promise<Sights> {
  const needed = new Set<RepositoryId>();
  const bearer = { kind: "person", user: identity } as const;
  for (const [permission, name] of questions) {
    if (view.policy.tokens.proof[permission] === "identity") continue;
    const judgement = judgeFor(view, bearer, permission, name, circumstances);
    const repository = "decision" in judgement ? toBeSeen(view, permission, judgement.decision) : undefined;
    if (repository !== undefined) needed.add(repository);
  }
  return needed.size === 0 || needed.size > most ? NOTHING_SEEN : look(view, identity, [...needed]);
}

/** Asks what a token can see. At once when all of it is known. */
export function look(
  view: View,
  { sees }: Pick<TokenIdentity, "sees">,
  needed: readonly RepositoryId[],
): Sights | Promise<Sights> {
  const { id: organization, login: owner } = view.organization;
  const seen = needed.map((id) => {
    const name = view.facts.repositories.get(id)?.value.name;
    return [id, name === undefined ? "unverifiable" : sees({ id, organization, owner, name })] as const;
  });
  const known = seen.flatMap(([id, sight]) => (sight instanceof Promise ? [] : [[id, sight] as const]));
  if (known.length === seen.length) return new Map(known);
  return Promise.all(seen.map(async ([id, sight]) => [id, await sight] as const)).then((all) => new Map(all));
}

/** Contract, "Proof": what exactly to change. */
export function cannotSee(view: View, login: string, repository: RepositoryId): string {
  return `this token names ${login} but cannot see ${fullName(view, repository)}: authorize it for SSO or give it repository access`;
}
