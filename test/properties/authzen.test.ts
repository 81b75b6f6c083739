import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import type { DecisionPoint } from "../../src/http/authzen/decision-point.ts";
import { packgatePoint } from "../../src/http/authzen/packgate-point.ts";
import { viewOf } from "../domain/views.ts";
import { asItIs, testService } from "../http/helpers.ts";
import { anyFacts, NAMES, USERS } from "./arbitraries.ts";
import { checkProperty } from "./check.ts";
import { HELD } from "./decisions.ts";

function pointOf(view: View): DecisionPoint {
  const service = testService({ organizations: () => [{ id: 1, login: "acme", view: () => view, confirm: asItIs }] });
  const [client] = service.clients;
  if (client === undefined) throw new Error("no index client");
  // Of an exchange only the id is needed, for the log.
  return packgatePoint(service)({ id: "request" }, client, undefined);
}

const user = (id: string) => ({ type: "user", id });
const project = (id: string) => ({ type: "pypi_package", id });

it("a search finds exactly what an evaluation allows, whichever way it is asked", () => {
  let found = 0;
  checkProperty(
    fc.property(anyFacts, (facts) => {
      const point = pointOf(viewOf(facts, HELD));
      const logins = [...USERS.map(String), "alice", "bob", "nobody"];
      for (const name of NAMES) {
        const resource = project(name);
        for (const permission of PERMISSIONS) {
          const action = { name: permission };
          const allowed = (id: string): boolean => {
            const verdict = point.evaluate({ subject: user(id), action, resource });
            // Without a token nobody is waited for.
            if (verdict instanceof Promise) throw new Error("it was not answered at once");
            return verdict.outcome === "allow";
          };
          const { ids, unknown } = point.subjects({ subject: { type: "user" }, action, resource });
          expect(ids.filter((id) => !allowed(id))).toEqual([]);
          expect(new Set(ids).size).toBe(ids.length);
          found += ids.length;
          // Each allowed person is there under one of their names; whoever is not was counted.
          const numbers = USERS.map(String).filter(allowed);
          expect(ids.length + unknown).toBeGreaterThanOrEqual(numbers.length);
          for (const id of logins) {
            const subject = user(id);
            expect(point.resources({ subject, action, resource: { type: "pypi_package" } }).ids.includes(name)).toBe(
              allowed(id),
            );
            expect(point.actions({ subject, resource }).ids.includes(permission)).toBe(allowed(id));
          }
        }
      }
    }),
    100,
  );
  expect(found).toBeGreaterThan(500);
});
