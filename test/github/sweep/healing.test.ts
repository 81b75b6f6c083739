import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Running } from "../../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../../helpers/packgate.ts";
import type { Acme } from "../../simulator/acme.ts";
import type { Simulator } from "../../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../../simulator/index.ts";
import { expectTruth, leaks } from "../support/against-truth.ts";
import { flush } from "../support/fake-time.ts";
import { captureLog } from "../support/log.ts";
import { MINUTE, pass, stopClock } from "./stage.ts";

const DETAILS = "GET /app/hook/deliveries/{delivery_id}";

let packgate: Running;
beforeEach(stopClock);
afterEach(async () => {
  vi.useRealTimers();
  await packgate.stop();
});

/** How soon a GitHub that could not be asked is asked again. */
const RETRY_MS = 15_000;

/** Only sweeps happen by themselves, and only when the test says so: nothing else may heal what it breaks. */
function sweeper() {
  let asleep: (() => void)[] = [];
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  const time = {
    now: () => Date.now(),
    sleep: (milliseconds: number): Promise<void> => {
      if (milliseconds === 5 * MINUTE || milliseconds === RETRY_MS)
        return new Promise((resolve) => asleep.push(resolve));
      if (milliseconds > 10_000) return new Promise(() => undefined);
      pass(milliseconds);
      return wait();
    },
  };
  const nextSweep = async (): Promise<void> => {
    pass(5 * MINUTE);
    const due = asleep;
    asleep = [];
    for (const wake of due) wake();
    await flush();
    await packgate.settle();
  };
  return { time, nextSweep };
}

const begin = async (before: (github: Simulator) => void = () => undefined, env: Record<string, string> = {}) => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  before(github);
  const log = captureLog();
  const { time, nextSweep } = sweeper();
  packgate = await startPackgate(github, { env, log, surroundings: { time } });
  await packgate.settle();
  github.resetCounts();
  return { github, acme, log, nextSweep, fetched: () => github.counts.byRoute.get(DETAILS) ?? 0 };
};
const problems = (): readonly string[] =>
  packgate.service.http.readiness().problems.filter((each) => !each.startsWith("acme/broken "));

const loseAll = async (github: Simulator, edits: () => void): Promise<void> => {
  const fault = github.faults.lose(() => true);
  edits();
  await packgate.settle();
  fault.end();
};

interface Change {
  readonly title: string;
  readonly edit: (github: Simulator, acme: Acme) => void;
  readonly leaks: boolean;
}
const CHANGES: readonly Change[] = [
  {
    title: "a grant: a member joins a team",
    edit: ({ edit }, { teams, users }) => edit.addTeamMember(teams.platform, users.bob),
    leaks: false,
  },
  {
    title: "a revocation: a member leaves a team",
    edit: ({ edit }, { teams, users }) => edit.removeTeamMember(teams.backend, users.alice),
    leaks: true,
  },
  {
    title: "a revocation: a member leaves",
    edit: ({ edit }, { organization, users }) => edit.removeMember(organization, users.alice),
    leaks: true,
  },
  {
    title: "a package: a repository begins to declare one",
    edit: ({ edit }, { repositories }) =>
      edit.push(repositories.shared, { write: { "pyproject.toml": '[project]\nname = "newcomer"\n' } }),
    leaks: false,
  },
];

describe("a webhook that was lost is made up for by the next sweep", () => {
  it.each(CHANGES)("$title", async ({ edit, leaks: leaking }) => {
    const { github, acme, nextSweep, fetched } = await begin();
    await loseAll(github, () => edit(github, acme));
    expect(leaks(github, packgate.service).length > 0).toBe(leaking);
    expect(() => expectTruth(github, packgate.service)).toThrow("expected");
    await nextSweep();
    expectTruth(github, packgate.service);
    expect(fetched()).toBeGreaterThan(0);
    expect(problems()).toEqual([]);

    github.resetCounts();
    await nextSweep();
    expect(fetched()).toBe(0);
  });

  it("the installation was suspended", async () => {
    const { github, acme, nextSweep } = await begin();
    await loseAll(github, () => github.edit.suspendInstallation(acme.organization));
    expect(packgate.service.http.readiness().ready).toBe(true);
    await nextSweep();
    expect(packgate.service.http.readiness().ready).toBe(false);
  });

  it("what was taken away and given back again is there in the end", async () => {
    const { github, acme, nextSweep } = await begin();
    await loseAll(github, () => github.edit.removeTeamMember(acme.teams.backend, acme.users.alice));
    github.edit.addTeamMember(acme.teams.backend, acme.users.alice);
    await packgate.settle();
    await nextSweep();
    expectTruth(github, packgate.service);
  });

  it("more of them than can be followed one by one", async () => {
    const { github, acme, nextSweep, fetched, log } = await begin();
    await loseAll(github, () => {
      for (let n = 0; n < 101; n += 1) {
        github.edit.addTeamMember(acme.teams.platform, acme.users.bob);
        github.edit.removeTeamMember(acme.teams.platform, acme.users.bob);
      }
      github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    });
    await nextSweep();
    expectTruth(github, packgate.service);
    expect(fetched()).toBe(0);
    expect(log.messages("warn").filter((each) => each.includes("one by one"))).toHaveLength(1);
  });

  it("one that GitHub does not show", async () => {
    const { github, acme, nextSweep } = await begin();
    await loseAll(github, () => github.edit.removeTeamMember(acme.teams.backend, acme.users.alice));
    github.faults.status(DETAILS, 404, { times: 9 });
    await nextSweep();
    expectTruth(github, packgate.service);
  });

  it("one that came while we were starting, by the first sweep already", async () => {
    const { github } = await begin((simulator) => {
      simulator.faults.lose(() => true);
      const [organization] = simulator.world.organizations.values();
      if (organization !== undefined) simulator.edit.createTeam(organization, { name: "early" });
    });
    expect(github.deliveries).toMatchObject([{ statusCode: 502 }]);
    expectTruth(github, packgate.service);
  });
});

describe("a webhook that came", () => {
  it("is not followed again, however often it was sent", async () => {
    const { github, acme, nextSweep, fetched } = await begin();
    github.faults.repeat(() => true);
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await packgate.settle();
    await nextSweep();
    expect(fetched()).toBe(0);
    expectTruth(github, packgate.service);
  });

  it("and was acknowledged, but could not be followed, is followed again", async () => {
    const { github, acme, nextSweep, fetched } = await begin();
    const { webhook, metrics } = packgate.service.http;
    vi.spyOn(metrics.webhooks, "inc").mockImplementationOnce(() => {
      throw new RangeError("nobody thought of this");
    });
    // Somebody in between says "received" whatever we say.
    github.deliverTo(async ({ guid, event, payload }) => {
      await Promise.resolve(webhook.accept({ id: guid, name: event, payload })).catch(() => undefined);
      return 202;
    });
    github.edit.addTeamMember(acme.teams.platform, acme.users.bob);
    github.edit.addTeamMember(acme.teams.docs, acme.users.alice);
    await packgate.settle();
    expect(github.deliveries.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
    await nextSweep();
    expect(fetched()).toBe(1);
    await nextSweep();
    expect(fetched()).toBe(1);
    expectTruth(github, packgate.service);
  });

  it("while a sweep is under way takes away at once, and both end at the truth", async () => {
    const { github, acme, nextSweep } = await begin();
    await loseAll(github, () => github.edit.addTeamMember(acme.teams.platform, acme.users.bob));
    const gate = github.faults.pause(DETAILS);
    const sweep = nextSweep();
    await gate.arrived;
    github.edit.removeTeamMember(acme.teams.platform, acme.users.bob);
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await github.settle();
    expect(leaks(github, packgate.service)).toEqual([]);
    gate.resume();
    await sweep;
    expectTruth(github, packgate.service);
  });
});

describe("several organizations", () => {
  it("are swept together, and those that nobody serves change nothing", async () => {
    const { github, acme, nextSweep, fetched } = await begin(
      (simulator) => {
        simulator.edit.createOrganization({ login: "other", basePermission: "none" });
        simulator.edit.createOrganization({ login: "foreign", basePermission: "none" });
      },
      { PACKGATE_ORGS: "acme,other" },
    );
    const named = (login: string) => {
      const found = [...github.world.organizations.values()].find((each) => each.login === login);
      if (found === undefined) throw new Error(`no ${login}`);
      return found;
    };
    await loseAll(github, () => {
      github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
      github.edit.createTeam(named("other"), { name: "crew" });
      github.edit.createTeam(named("foreign"), { name: "strangers" });
    });
    await nextSweep();
    expectTruth(github, packgate.service);
    const teams = packgate.service.http
      .organizations()
      .map(({ login, view }) => [login, view().facts.teams?.value.size]);
    expect(teams).toEqual([
      ["acme", acme.organization.teams.size],
      ["other", 1],
    ]);
    expect(fetched()).toBe(3);

    github.resetCounts();
    await nextSweep();
    expect(fetched()).toBe(0);
  });
});

describe("while GitHub's log cannot be read", () => {
  it("/readyz says so, the log once, decisions go on, and the next sweep heals", async () => {
    const { github, acme, log, nextSweep } = await begin();
    await loseAll(github, () => github.edit.removeTeamMember(acme.teams.backend, acme.users.alice));
    github.faults.status("GET /app/hook/deliveries", 404, { times: 2 });
    await nextSweep();
    await nextSweep();
    const sentence =
      "GitHub has no log of webhook deliveries for this App: set the webhook's URL on the App's page, and check APP_ID.";
    expect(problems()).toEqual([sentence]);
    expect(log.messages("warn").filter((each) => each === sentence)).toHaveLength(1);
    expect(packgate.service.http.readiness().ready).toBe(true);
    await nextSweep();
    expect(problems()).toEqual([]);
    expectTruth(github, packgate.service);
  });

  it("because we are stopping, nobody is told", async () => {
    const { github, log, nextSweep } = await begin();
    const gate = github.faults.pause("GET /app/hook/deliveries");
    github.faults.status("GET /app/hook/deliveries", 404, { times: 2 });
    const sweep = nextSweep();
    await gate.arrived;
    await packgate.service.stop();
    gate.resume();
    await sweep;
    await nextSweep();
    expect(log.messages("warn").filter((each) => each.includes("deliveries"))).toEqual([]);
    expect(github.counts.byRoute.get("GET /app/hook/deliveries")).toBe(1);
  });
});
