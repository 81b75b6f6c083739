import type { Claim } from "../../domain/claims.ts";
import type { View } from "../../domain/decide.ts";
import { fullName } from "../../domain/phrases.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import type { ClaimsReply } from "../contract/replies.ts";
import { askedView } from "./asked-view.ts";

/** `GET /claims`: which repository owns which name, and which manifests a person has to mend. */
export function claims(service: HttpService): Handler {
  return (exchange) => {
    const { view } = askedView(service, exchange);
    const reply: ClaimsReply = {
      org: view.organization.login,
      claims: [...view.claims]
        .map(([name, claim]) => entry(view, name, claim))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      problems: problems(view),
    };
    send(exchange, 200, JSON.stringify(reply));
  };
}

function entry(view: View, name: string, claim: Claim): ClaimsReply["claims"][number] {
  const rivals = claim.status === "contested" ? claim.rivals : [];
  return {
    name,
    status: claim.status,
    repository: fullName(view, claim.repository),
    path: claim.status === "retired" ? null : claim.path,
    since: new Date(claim.since).toISOString(),
    rivals: rivals.map(({ repository, path }) => ({ repository: fullName(view, repository), path })),
  };
}

function problems(view: View): ClaimsReply["problems"] {
  return [...view.facts.repositories].flatMap(([id, { value }]) =>
    value.fork ? [] : value.problems.map((problem) => ({ repository: fullName(view, id), ...problem })),
  );
}
