import { mayAnything, mayList } from "../../domain/anything.ts";
import { belongs } from "../../domain/beyond-grants.ts";
import type { Subject, View } from "../../domain/decide.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { PackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import type { Names } from "../../index-paths/read-path.ts";
import type { Asker } from "../decision/answer.ts";
import { answer, bearerOf, beforehand } from "../decision/answer.ts";
import { circumstancesOf, nameOf, subjectOf } from "../decision/bearer.ts";
import { plainQuestion } from "../decision/question.ts";
import type { Verdict } from "./verdict.ts";

/** Judges what is about one package, though its name may be any of several: the first refusal counts. */
export function judgePackage(
  view: View,
  asker: Asker,
  circumstances: Circumstances,
  permission: Permission,
  names: Names,
): Verdict {
  const claimed = names.filter((name) => view.claims.has(name));
  const [first, ...others] = isSome(claimed) ? claimed : names;
  let verdict = judgeName(view, asker, circumstances, permission, first);
  for (const name of others)
    if (verdict.decision === "allow") verdict = judgeName(view, asker, circumstances, permission, name);
  if (verdict.reason !== OUTSIDER) return verdict;
  const message = REFUSED[OUTSIDER](
    nameOf(view, bearerOf(asker)),
    `${permission} ${names[0]}`,
    view.organization.login,
  );
  return { ...verdict, message, name: names[0] };
}

function isSome(names: readonly PackageName[]): names is Names {
  return names.length > 0;
}

function judgeName(
  view: View,
  asker: Asker,
  circumstances: Circumstances,
  permission: Permission,
  name: PackageName,
): Verdict {
  const reply = answer(view, plainQuestion(permission, name), asker, circumstances);
  const { decision, message, user, role } = reply;
  const isOutsider = user !== null && role === null && !belongs(view, subjectOf(view, bearerOf(asker)));
  const reason = decision === "deny" && isOutsider ? OUTSIDER : reply.reason;
  return { decision, reason, message, user: user ?? undefined, name, permission };
}

/** Judges a look at a list of many packages. */
export function judgeListing(view: View, asker: Asker, circumstances: Circumstances): Verdict {
  return judgeWithout(view, asker, "read", "see this list", circumstances, (subject) => mayList(view, subject));
}

/** Judges an upload of which nobody can say what it is of: may they upload anything at all? */
export function judgeUpload(view: View, asker: Asker, circumstances: Circumstances): Verdict {
  const where = circumstancesOf(bearerOf(asker), circumstances);
  const any = (subject: Subject) => mayAnything(view, subject, "upload", where);
  return judgeWithout(view, asker, "upload", "upload", circumstances, any);
}

function judgeWithout(
  view: View,
  asker: Asker,
  permission: Permission,
  what: string,
  circumstances: Circumstances,
  may: (subject: Subject) => ReturnType<typeof mayList>,
): Verdict {
  const user = asker.kind === "person" ? asker.user : undefined;
  const early = beforehand(asker, permission);
  if (early !== undefined) return { ...early, user, permission };
  const bearer = bearerOf(asker);
  const { outcome, reason } = may(subjectOf(view, bearer));
  const mayFallShort = bearer.kind === "installation" || bearer.kind === "run" || outcome === "allow";
  const short = mayFallShort ? fallsShort(view, asker, permission, circumstances) : undefined;
  if (short !== undefined) return { ...short, user, permission };
  const who = nameOf(view, bearer);
  const said = (message: string): Verdict => ({ decision: outcome, reason, message, user, permission });
  if (outcome === "allow") return said(`${who} may ${what}`);
  if (outcome === "unknown") return said(`it is not known whether ${who} may ${what}; /readyz says what keeps us`);
  return said(REFUSED[reason](who, what, view.organization.login));
}

/**
 * Somebody may do this to some package; but perhaps with no package by this token. Of a run, which may do it to few
 * packages anyway, also what the policy takes from it.
 *
 * @returns the first thing that is wrong with it; `undefined`: it is good for some package
 */
function fallsShort(
  view: View,
  asker: Asker,
  permission: Permission,
  circumstances: Circumstances,
): Pick<Verdict, "decision" | "reason" | "message"> | undefined {
  const proven = asker.kind === "person" && asker.token && view.policy.tokens.proof[permission] === "repository";
  if (!proven && asker.kind !== "run" && asker.kind !== "installation") return undefined;
  let first: ReturnType<typeof fallsShort>;
  for (const name of view.claims.keys()) {
    const { decision, reason, message } = answer(view, plainQuestion(permission, name), asker, circumstances);
    if (decision === "allow") return undefined;
    // Where one could not be looked at, nobody knows.
    if (proven && reason === "unverifiable") first = { decision, reason, message: NOT_FOUND_OUT };
    else if (reason === "token-scope" || reason === "unverifiable" || (asker.kind === "run" && reason === "rule"))
      first ??= { decision, reason, message };
  }
  return first;
}

const NOT_FOUND_OUT =
  "it could not be found out whether this token can see a repository that you may do this in: name the package in the " +
  "address (such as /legacy/NAME/), or try again shortly";

/**
 * Whoever has any account at GitHub may ask, so to somebody from outside who holds nothing every name is the same:
 * which ones are claimed, and by which repositories, is the organization's affair.
 */
const OUTSIDER = "not-a-member";

const REFUSED = {
  "missing-credentials": (_: string, what: string) =>
    `no credentials were given: sign in with a GitHub login and a token to ${what}`,
  "not-a-member": (who: string, what: string, organization: string) =>
    `${who} may not ${what}: ${who} is not a member of ${organization}; an owner can send an invitation on GitHub`,
  "no-grant": (who: string, what: string, organization: string) =>
    `${who} may not ${what}: no role on any repository of ${organization} that declares a package allows it`,
} as const;
