import type { View } from "../../domain/decide.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { PackageName } from "../../domain/package-name.ts";
import { parsePackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import { parseAction, PERMISSIONS } from "../../domain/roles.ts";
import { whoCan } from "../../domain/search.ts";
import { resolveUser } from "../../state/directory.ts";
import type { Entity } from "../contract/authzen.ts";
import type { Asker } from "../decision/answer.ts";
import { answer, askerOf, bearerOf, wantedFrom, withSights } from "../decision/answer.ts";
import type { Bearer } from "../decision/bearer.ts";
import { outcomeFor } from "../decision/bearer.ts";
import { parseToken } from "../decision/credentials.ts";
import type { Identity } from "../decision/identity.ts";
import { identify } from "../decision/identity.ts";
import { noteDecision } from "../decision/note.ts";
import { prove } from "../decision/proof.ts";
import { plainQuestion } from "../decision/question.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import type { DecisionPoint, Found, PointOf, Verdict } from "./decision-point.ts";
import { askerFor, circumstancesOf, shownBy, USER, WORKLOAD, workloads } from "./subjects.ts";

const PACKAGE = "pypi_package";
const NOTHING: Found = { ids: [], unknown: 0 };

/** Packgate as AuthZEN's decision point: packages by name, actions by permission word. */
export function packgatePoint(service: HttpService): PointOf {
  return (exchange, client, context) => {
    const organization = organizationFor(service, client, context?.org);
    const token = context?.token;
    const evaluate: DecisionPoint["evaluate"] = ({ subject, action, resource }) => {
      const started = service.stopwatch();
      const [name, permission] = [packageOf(resource), parseAction(action.name)];
      if (name === undefined) return foreign("unknown-resource", `resources are projects, of type ${PACKAGE}`);
      if (permission === undefined) return foreign("unknown-action", `actions are ${PERMISSIONS.join(", ")}`);
      const conclude = (view: View | undefined, asker: Asker | undefined): Verdict => {
        if (view === undefined) return { outcome: "unknown", reason: "not-synced", message: NOT_SERVED };
        if (asker === undefined) return foreign("unknown-subject", `subjects are of type ${USER} or ${WORKLOAD}`);
        const reply = answer(view, plainQuestion(permission, name), asker, circumstancesOf(subject, client.name));
        noteDecision(service, exchange, client, reply, started);
        return { outcome: reply.decision, reason: reply.reason, message: reply.message };
      };
      const view = organization?.view();
      const vouched = view && askerFor(view, subject);
      if (token === undefined || view === undefined || vouched === undefined) return conclude(view, vouched);
      return proveWith(token, subject, [permission, name], conclude);
    };
    /** Who the subject is by the token they showed, with what that token can see, decides. */
    const proveWith = async (
      shown: string,
      subject: Entity,
      question: readonly [Permission, PackageName],
      conclude: (view: View | undefined, asker: Asker | undefined) => Verdict,
    ): Promise<Verdict> => {
      const identified = () => identify(parseToken(shown), service.verifyToken, client.name, organization?.id);
      const askerIn = (view: View, identity: Identity): Asker => askerOf(view, shownBy(view, subject, identity));
      const identity = await identified();
      const before = organization?.view();
      const wanted = before && wantedFrom(before, askerIn(before, identity), [question], { index: client.name });
      // Nothing is awaited from here on: one answer sees one state.
      return prove(identity, identified, wanted, (settled, seen) => {
        const view = organization?.view();
        return conclude(view, view && withSights(askerIn(view, settled), seen));
      });
    };
    return {
      evaluate,
      subjects: ({ subject, action, resource }) => {
        const [name, permission] = [packageOf(resource), parseAction(action.name)];
        if (name === undefined || permission === undefined) return NOTHING;
        const view = trustedView(organization);
        const where = circumstancesOf(subject, client.name);
        if (subject.type === USER) return users(view, permission, name, where);
        if (subject.type !== WORKLOAD) return NOTHING;
        return allowedOf(workloads(view), ([repository, id]) => [
          id,
          outcomeFor(view, { kind: "workload", repository, name: id }, permission, name, where),
        ]);
      },
      resources: ({ subject, action, resource }) => {
        const permission = parseAction(action.name);
        if (resource.type !== PACKAGE || permission === undefined) return NOTHING;
        const view = trustedView(organization);
        const where = circumstancesOf(subject, client.name);
        return bySubject(view, subject, (bearer) =>
          allowedOf([...view.claims.keys()].toSorted(), (name) => [
            name,
            outcomeFor(view, bearer, permission, name, where),
          ]),
        );
      },
      actions: ({ subject, resource }) => {
        const name = packageOf(resource);
        if (name === undefined) return NOTHING;
        const view = trustedView(organization);
        const where = circumstancesOf(subject, client.name);
        return bySubject(view, subject, (bearer) =>
          allowedOf(PERMISSIONS, (permission) => [permission, outcomeFor(view, bearer, permission, name, where)]),
        );
      },
    };
  };
}

const NOT_SERVED = "this organization is not served yet; try again shortly";

function packageOf({ type, id }: Entity): PackageName | undefined {
  return type === PACKAGE ? parsePackageName(id) : undefined;
}

/** What we do not know of is well formed all the same, and nobody may do it. */
function foreign(reason: string, message: string): Verdict {
  return { outcome: "deny", reason, message };
}

function allowedOf<T>(candidates: readonly T[], judge: (candidate: T) => readonly [string, Verdict["outcome"]]): Found {
  const judged = candidates.map(judge);
  return {
    ids: judged.flatMap(([id, outcome]) => (outcome === "allow" ? [id] : [])),
    unknown: judged.filter(([, outcome]) => outcome === "unknown").length,
  };
}

function bySubject(view: View, entity: Entity, search: (bearer: Bearer) => Found): Found {
  const asker = askerFor(view, entity);
  if (asker === undefined) return NOTHING;
  return asker.kind === "uncertain" ? { ids: [], unknown: 1 } : search(bearerOf(asker));
}

function users(view: View, permission: Permission, name: PackageName, where: Circumstances): Found {
  const { found, unknown } = whoCan(view, permission, name, where);
  const ids = found.flatMap(({ id, login }) => labelOf(view, id, login) ?? []);
  return { ids, unknown: unknown + found.length - ids.length };
}

/** What leads back to this person: the login, or else the number; neither, while both may mean somebody else. */
function labelOf(view: View, id: number, login: string): string | undefined {
  return [login, String(id)].find((label) => {
    const resolution = resolveUser(view, label);
    return resolution.status === "known" && resolution.person.id === id;
  });
}
