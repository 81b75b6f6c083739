import type { Sources } from "../../src/domain/access.ts";
import { compileAccess } from "../../src/domain/access.ts";
import type { Bindings } from "../../src/domain/bindings.ts";
import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import type { Claim } from "../../src/domain/claims.ts";
import type { Decision, Subject, View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import { bindNames } from "../../src/state/bind.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import type { Circumstances } from "../../src/domain/judge.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Permission } from "../../src/domain/roles.ts";
import type { Drawn, Sketch } from "./facts-builder.ts";
import { draw, NOW, packageName } from "./facts-builder.ts";

/** What access is compiled from, where only the facts matter. */
export function sourcesOf(
  facts: Facts,
  claims: ReadonlyMap<PackageName, Claim> = new Map(),
  policy: Policy = DEFAULT_POLICY,
  bindings: Bindings = NO_BINDINGS,
): Sources {
  // Names that are bound to nobody yet mean who carries them in these facts.
  return { facts, claims, policy, bindings: bindNames(bindings, policy.rules, facts, -Infinity).bindings };
}

export function viewOf(
  facts: Facts,
  claims: ReadonlyMap<PackageName, Claim>,
  policy?: Policy,
  bindings?: Bindings,
): View {
  const sources = sourcesOf(facts, claims, policy, bindings);
  return {
    organization: { id: 1, login: "acme" },
    ready: true,
    readsOnly: false,
    freshSince: -Infinity,
    ...sources,
    access: compileAccess(sources),
    revision: 1,
  };
}

/** Every name that a sketched repository declares or declared badly, held by that repository. */
export function heldClaims({ facts }: Pick<Drawn, "facts">): Map<PackageName, Claim> {
  const claims = new Map<PackageName, Claim>();
  for (const [repository, { value }] of facts.repositories) {
    for (const { name, path } of value.declarations) claims.set(name, { status: "held", repository, path, since: NOW });
  }
  return claims;
}

export interface Asked extends Drawn {
  readonly view: View;
  /** @param who a person, `run:REPOSITORY` for a workflow's run there, or `nobody` for somebody without credentials */
  readonly ask: (who: string, permission: Permission, name: string, circumstances?: Circumstances) => Decision;
}

export function subjectOf(drawn: Drawn, who: string): Subject {
  if (who === "nobody") return { kind: "everyone" };
  const [, run] = /^run:(.*)$/.exec(who) ?? [];
  return run === undefined
    ? { kind: "user", id: drawn.user(who) }
    : { kind: "workload", repository: drawn.repository(run) };
}

/** A sketch with somebody to ask: every declared name is held by who declares it. */
export function asked(sketch: Sketch, claims: readonly (readonly [string, Claim])[] = [], policy?: Policy): Asked {
  const drawn = draw(sketch);
  const named = claims.map(([text, claim]) => [packageName(text), claim] as const);
  const view = viewOf(drawn.facts, new Map([...heldClaims(drawn), ...named]), policy);
  return {
    ...drawn,
    view,
    ask: (who, permission, name, circumstances) =>
      decide(view, subjectOf(drawn, who), permission, packageName(name), circumstances),
  };
}
