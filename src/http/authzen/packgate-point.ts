import type { View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import type { Ecosystem, PackageName } from "../../domain/package-name.ts";
import { parsePackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import { parseAction, PERMISSIONS } from "../../domain/roles.ts";
import { whatCan, whoCan } from "../../domain/search.ts";
import { resolveUser } from "../../state/directory.ts";
import type { Entity } from "../contract/authzen.ts";
import { answer, askerOf } from "../decision/answer.ts";
import { noteDecision } from "../decision/note.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import type { DecisionPoint, Found, PointOf, Verdict } from "./decision-point.ts";

const USER = "user";
const PACKAGE = "pypi_package";
const ECOSYSTEM: Ecosystem = "pypi";
const NOTHING: Found = { ids: [], unknown: 0 };

/** Packgate as AuthZEN's decision point: users by login or numeric id, packages by name, actions by permission word. */
export function packgatePoint(service: HttpService): PointOf {
  return (exchange, client, context) => {
    const organization = organizationFor(service, client, context?.org);
    const evaluate: DecisionPoint["evaluate"] = ({ subject, action, resource }) => {
      const started = service.stopwatch();
      const [name, permission] = [packageOf(resource), parseAction(action.name)];
      if (subject.type !== USER) return foreign("unknown-subject", `subjects are of type ${USER}`);
      if (name === undefined) return foreign("unknown-resource", `resources are projects, of type ${PACKAGE}`);
      if (permission === undefined) return foreign("unknown-action", `actions are ${PERMISSIONS.join(", ")}`);
      const view = organization?.view();
      if (view === undefined) return { outcome: "unknown", reason: "not-synced", message: NOT_SERVED };
      const reply = answer(
        view,
        { ...QUESTION, name, permission, claimant: { kind: "vouched", user: subject.id } },
        askerOf(view, { status: "vouched", user: subject.id }),
      );
      noteDecision(service, exchange, client, reply, started);
      return { outcome: reply.decision, reason: reply.reason, message: reply.message };
    };
    return {
      evaluate,
      subjects: ({ subject, action, resource }) => {
        const [name, permission] = [packageOf(resource), parseAction(action.name)];
        if (subject.type !== USER || name === undefined || permission === undefined) return NOTHING;
        return subjects(trustedView(organization), permission, name);
      },
      resources: ({ subject, action, resource }) => {
        const permission = parseAction(action.name);
        if (resource.type !== PACKAGE || permission === undefined) return NOTHING;
        return ofUser(trustedView(organization), subject, (view, id) => {
          const { found, unknown } = whatCan(view, id);
          const names = found.filter(({ permissions }) => permissions.includes(permission)).map(({ name }) => name);
          return { ids: names, unknown };
        });
      },
      actions: ({ subject, resource }) => {
        const name = packageOf(resource);
        if (name === undefined) return NOTHING;
        return ofUser(trustedView(organization), subject, (view, id) => actions(view, id, name));
      },
    };
  };
}

const QUESTION = { ecosystem: ECOSYSTEM, org: undefined, minAsOf: undefined, explain: false } as const;
const NOT_SERVED = "this organization is not served yet; try again shortly";

function packageOf({ type, id }: Entity): PackageName | undefined {
  return type === PACKAGE ? parsePackageName(id) : undefined;
}

/** What we do not know of is well formed all the same, and nobody may do it. */
function foreign(reason: string, message: string): Verdict {
  return { outcome: "deny", reason, message };
}

function subjects(view: View, permission: Permission, name: PackageName): Found {
  const { found, unknown } = whoCan(view, permission, name);
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

function actions(view: View, id: number, name: PackageName): Found {
  const outcomes = PERMISSIONS.map((permission) => decide(view, { kind: "user", id }, permission, name).outcome);
  return {
    ids: PERMISSIONS.filter((_, index) => outcomes[index] === "allow"),
    unknown: outcomes.filter((outcome) => outcome === "unknown").length,
  };
}

function ofUser(view: View, { type, id }: Entity, search: (view: View, id: number) => Found): Found {
  if (type !== USER) return NOTHING;
  const resolution = resolveUser(view, id);
  if (resolution.status === "ambiguous") return { ids: [], unknown: 1 };
  return resolution.status === "known" ? search(view, resolution.person.id) : NOTHING;
}
