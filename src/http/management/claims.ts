import type { Claim } from "../../domain/claims.ts";
import type { View } from "../../domain/decide.ts";
import type { RepositoryId } from "../../domain/facts.ts";
import { lookAlikes } from "../../domain/look-alikes.ts";
import { fullName } from "../../domain/phrases.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import type { ClaimsReply } from "../contract/replies.ts";
import { askedView } from "./asked-view.ts";

/** `GET /claims`: which repository owns which name, what looks alike, and which manifests a person has to mend. */
export function claims(service: HttpService): Handler {
  return (exchange) => {
    const { view } = askedView(service, exchange);
    const reply: ClaimsReply = {
      org: view.organization.login,
      claims: [...view.claims]
        .map(([name, claim]) => entry(view, name, claim))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      lookAlikes: lookAlikes(view.claims.keys()),
      problems: problems(view),
    };
    send(exchange, 200, JSON.stringify(reply));
  };
}

function entry(view: View, name: string, claim: Claim): ClaimsReply["claims"][number] {
  const rivals = "rivals" in claim ? claim.rivals : [];
  return {
    name,
    status: claim.status,
    repository:
      claim.status === "unbound" ? `${view.organization.login}/${claim.pin}` : fullName(view, claim.repository),
    path: ("path" in claim ? claim.path : undefined) ?? null,
    since: new Date(claim.since).toISOString(),
    rivals: rivals.map(({ repository, path }) => ({ repository: fullName(view, repository), path })),
    pin: ("pin" in claim ? claim.pin : undefined) ?? null,
  };
}

function problems(view: View): ClaimsReply["problems"] {
  return [...view.facts.repositories].flatMap(([id, { value }]) =>
    value.fork
      ? []
      : value.problems.map((problem) => ({
          repository: fullName(view, id),
          names: keptBy(view, id, problem.path),
          ...problem,
        })),
  );
}

/** The names that a repository holds by a manifest, which nobody can read now. */
function keptBy({ claims }: View, id: RepositoryId, manifest: string): string[] {
  return [...claims]
    .flatMap(([name, claim]) => ("path" in claim && claim.repository === id && claim.path === manifest ? [name] : []))
    .toSorted();
}
