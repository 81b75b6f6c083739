import { expect } from "vitest";
import { decide } from "../../../src/domain/decide.ts";
import type { View } from "../../../src/domain/decide.ts";
import { parsePackageName } from "../../../src/domain/package-name.ts";
import { PERMISSIONS } from "../../../src/domain/roles.ts";
import type { Service } from "../../../src/service.ts";
import type { Simulator } from "../../simulator/index.ts";

/** Who tells what is true: GitHub's model, or another one. */
export type Oracle = Pick<Simulator, "world" | "truth">;

/** Every decision that differs from what is true, as `login action package: decided …`, over all users, packages and permissions. */
export function differences(github: Oracle, view: View): string[] {
  const organization = github.world.organizations.get(view.organization.id);
  const names = new Set([...(organization?.claims.keys() ?? []), ...view.claims.keys(), "nobody-declares-this"]);
  return [...github.world.users.values()].flatMap(({ id, login }) =>
    [...names].flatMap((text) => {
      // An organization that is gone allows nothing.
      const allowed = organization === undefined ? new Set() : github.truth(organization, id, text).permissions;
      const name = parsePackageName(text);
      if (name === undefined) throw new Error(`${text} is no package name`);
      return PERMISSIONS.flatMap((permission) => {
        const { outcome, reason } = decide(view, { kind: "user", id }, permission, name);
        const wanted = allowed.has(permission) ? "allow" : "deny";
        return outcome === wanted ? [] : [`${login} ${permission} ${text}: ${outcome} (${reason}), not ${wanted}`];
      });
    }),
  );
}

/** Every organization that is served decides as the oracle does, and is ready to. */
export function expectTruth(github: Simulator, service: Service): void {
  for (const { login, view } of service.http.organizations()) {
    expect(view().ready, `${login} is ready`).toBe(true);
    expect(differences(github, view())).toEqual([]);
  }
}

/** What is allowed though it is not true: the one thing that may never be, not even for a moment. */
export function leaks(github: Simulator, service: Service): string[] {
  return service.http
    .organizations()
    .flatMap(({ view }) => differences(github, view()).filter((line) => line.includes(": allow (")));
}
