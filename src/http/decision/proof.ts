import type { Decision, View } from "../../domain/decide.ts";
import type { RepositoryId } from "../../domain/facts.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { PackageName } from "../../domain/package-name.ts";
import { fullName } from "../../domain/phrases.ts";
import type { Permission } from "../../domain/roles.ts";
import type { Sight, TokenIdentity } from "../service.ts";
import { judgeFor } from "./bearer.ts";
import { paired, whenAll } from "./when-all.ts";

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

/** What has to be asked of GitHub with a token, before {@link toBeSeen} can be answered. */
export interface Wanted {
  readonly view: View;
  readonly sees: TokenIdentity["sees"];
  readonly repositories: readonly RepositoryId[];
  /** It is enough to see one of them: they are looked at one after the other, at most so many of which nothing is known. */
  readonly untilOne?: number;
}

/** Repositories that are looked at with a person's token, at most, for a question that is not about one package. */
export const MOST_LOOKS = 20;

/** What a person's token must prove for these questions. @param most of more repositories than this nothing is asked */
export function wantedOf(
  view: View,
  identity: TokenIdentity,
  questions: readonly (readonly [Permission, PackageName])[],
  circumstances: Circumstances,
  most = Infinity,
): Wanted | undefined {
  const needed = new Set<RepositoryId>();
  const bearer = { kind: "person", user: identity } as const;
  for (const [permission, name] of questions) {
    if (view.policy.tokens.proof[permission] === "identity") continue;
    const judgement = judgeFor(view, bearer, permission, name, circumstances);
    const repository = "decision" in judgement ? toBeSeen(view, permission, judgement.decision) : undefined;
    if (repository !== undefined) needed.add(repository);
  }
  return needed.size === 0 || needed.size > most ? undefined : { view, sees: identity.sees, repositories: [...needed] };
}

/**
 * Asks GitHub what is wanted, and concludes; at once when all of it is known. Nowhere else is that waited for: while it
 * is, the token may end, so whose it is is asked once more. That is known, and costs nothing.
 *
 * @param who whoever showed the token, as was found last
 * @param again finds that out anew
 */
export function prove<W, T>(
  who: W,
  again: () => W | Promise<W>,
  wanted: Wanted | undefined,
  conclude: (who: W, seen: Sights) => T,
): T | Promise<T> {
  const seen = wanted === undefined ? NOTHING_SEEN : look(wanted);
  return seen instanceof Promise ? seen.then(async (late) => conclude(await again(), late)) : conclude(who, seen);
}

function look({ view, sees, repositories, untilOne }: Wanted): Sights | Promise<Sights> {
  const { id: organization, login: owner } = view.organization;
  const lookAt = (id: RepositoryId): Sight | Promise<Sight> => {
    const name = view.facts.repositories.get(id)?.value.name;
    return name === undefined ? "unverifiable" : sees({ id, organization, owner, name });
  };
  if (untilOne !== undefined) return lookUntilOne(repositories, lookAt, untilOne);
  const seen = repositories.map((id) => paired(id, lookAt(id)));
  return whenAll(seen, (all) => new Map(all));
}

/** Looks at one after the other until one is seen. @param most so many are waited for */
function lookUntilOne(
  repositories: readonly RepositoryId[],
  lookAt: (id: RepositoryId) => Sight | Promise<Sight>,
  most: number,
): Sights | Promise<Sights> {
  const seen = new Map<RepositoryId, Sight>();
  for (const [place, id] of repositories.entries()) {
    if (most === 0) break;
    const sight = lookAt(id);
    if (sight instanceof Promise) {
      return sight.then(async (late) => {
        seen.set(id, late);
        if (late === "visible") return seen;
        const rest = await lookUntilOne(repositories.slice(place + 1), lookAt, most - 1);
        return new Map([...seen, ...rest]);
      });
    }
    seen.set(id, sight);
    if (sight === "visible") break;
  }
  return seen;
}

/** Contract, "Proof": what exactly to change. */
export function cannotSee(view: View, login: string, repository: RepositoryId): string {
  return `this token names ${login} but cannot see ${fullName(view, repository)}: authorize it for SSO or give it repository access`;
}
