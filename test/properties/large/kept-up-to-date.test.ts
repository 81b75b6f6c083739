import { describe, expect, it } from "vitest";
import { compileAccess } from "../../../src/domain/access.ts";
import type { View } from "../../../src/domain/decide.ts";
import type { Facts, RepositoryId } from "../../../src/domain/facts.ts";
import { NO_FACTS } from "../../../src/domain/facts.ts";
import { compileNames } from "../../../src/domain/name-policy.ts";
import { everybody, resolveUser } from "../../../src/state/directory.ts";
import { allNames, ledgerOf, settle } from "../../../src/state/ledger.ts";
import { createStore } from "../../../src/state/store.ts";
import { NOW } from "../../domain/facts-builder.ts";
import { createRandom } from "../../simulator/random.ts";
import { ACME } from "../../state/sketched.ts";
import { slicesOf } from "../../state/slices.ts";
import { SEED } from "../check.ts";
import { differences, factsOf, rowsOf } from "./differences.ts";
import { largeFacts } from "./organization.ts";
import { plainly } from "./plainly.ts";
import type { Concerned } from "./questions.ts";
import { answers, concernedBy, someQuestions } from "./questions.ts";
import { anyStep } from "./steps.ts";

const STEPS = 250;
/** What is cheap is compared after so many steps each, and every row after ten times as many. */
const FEW = 5;

/** A view made of the facts at once. Claims are history; but settled anew they stay, or some change was not followed. */
function madeAtOnce(view: View, facts: Facts, now: number): View {
  const ledger = ledgerOf(facts, view.claims, compileNames(view.policy));
  settle(ledger, facts, allNames(ledger), now);
  const sources = { facts, claims: ledger.claims, policy: view.policy, bindings: view.bindings };
  return { ...view, ...sources, access: compileAccess(sources) };
}

function pinnedIn({ claims }: View): ReadonlySet<RepositoryId> {
  return new Set([...claims.values()].flatMap((claim) => (claim.status === "pinned" ? [claim.repository] : [])));
}

function claimedIn({ claims, access }: View) {
  return { claims, names: new Set(access.names.keys()) };
}

/** Who is called what, and whether nobody else is. */
function labelsIn(view: View) {
  return { people: new Map(everybody(view).map(({ id, login }) => [id, [login, resolveUser(view, login).status]])) };
}

const isPatched = (map: ReadonlyMap<number, unknown>): boolean => !(map instanceof Map);

describe(`a large organization's store (seed ${SEED})`, () => {
  it(`is after each few of ${STEPS} changes as if it had been made at once of the same facts`, () => {
    const random = createRandom(SEED);
    const first = slicesOf(largeFacts(random));
    let now = NOW;
    const store = createStore(ACME, () => now);
    store.apply(first);
    let plain = first.reduce((facts, slice) => plainly(facts, slice), NO_FACTS);
    let recent: string[] = [];
    let concerned: Concerned[] = [];
    const met = { inPlace: 0, patched: 0, allow: 0, deny: 0, unknown: 0 };

    for (let step = 1; step <= STEPS; step += 1) {
      const { members } = store.view().access;
      const pinned = pinnedIn(store.view());
      const { what, after, happen, slices } = anyStep(plain, random, now);
      now += after;
      happen(store);
      recent.push(what);
      concerned.push(concernedBy(slices, plain));
      plain = slices.reduce((facts, slice) => plainly(facts, slice, pinned), plain);
      concerned.push(concernedBy(slices, plain));

      const view = store.view();
      met.inPlace += Number(view.access.members === members);
      const { teamMembers, repositories, access } = view.facts;
      met.patched += Number([teamMembers, repositories, access].every(isPatched));
      if (step % FEW > 0) continue;

      const fresh = madeAtOnce(view, plain, now);
      const questions = someQuestions(fresh, concerned, random);
      const expected = answers(fresh, questions);
      const given = answers(view, questions);
      const wrong = [
        ...differences(factsOf(view.facts), factsOf(plain)),
        ...differences(claimedIn(view), claimedIn(fresh)),
        ...given.filter((answer, index) => answer !== expected[index]),
        ...differences(labelsIn(view), labelsIn(fresh)),
        ...(step % (10 * FEW) > 0 ? [] : differences(rowsOf(view), rowsOf(fresh))),
      ];
      expect({ step, recent, wrong }).toEqual({ step, recent, wrong: [] });

      for (const outcome of ["allow", "deny", "unknown"] as const) {
        met[outcome] += given.filter((answer) => answer.startsWith(outcome)).length;
      }
      recent = [];
      concerned = [];
    }
    // A comparison that never met a case says nothing about it.
    expect(met.inPlace).toBeGreaterThan(0.9 * STEPS);
    expect(met.patched).toBeGreaterThan(0.5 * STEPS);
    expect(Math.min(met.allow, met.deny, met.unknown)).toBeGreaterThan(100);
  });
});
