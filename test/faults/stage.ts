import { createBudget } from "../../src/github/budget.ts";
import type { DeliveryOptions } from "../../src/github/deliveries.ts";
import { createDeliveries } from "../../src/github/deliveries.ts";
import type { Reader } from "../../src/github/reader/reader.ts";
import type { Session } from "../../src/github/session.ts";
import { createSession } from "../../src/github/session.ts";
import type { Intervals } from "../../src/github/upkeep.ts";
import { createStore } from "../../src/state/store.ts";
import type { FakeTime } from "../github/support/fake-time.ts";
import { createFakeTime } from "../github/support/fake-time.ts";
import { differences } from "../github/support/against-truth.ts";
import type { Organization, Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { createRandom } from "../simulator/random.ts";
import { cutsOf } from "./cuts.ts";
import type { Mailbox } from "./mailbox.ts";
import { createMailbox } from "./mailbox.ts";
import { createPicture } from "./picture.ts";
import type { Weather } from "./world-reader.ts";
import { createWorldReader, FAIR } from "./world-reader.ts";

export const INTERVALS: Intervals = { poll: 60_000, resync: 300_000 };

export interface StageOptions {
  readonly seed: number;
  readonly intervals?: Intervals;
  /** What stands between the session and GitHub. */
  readonly through?: (reader: Reader) => Reader;
}

/** acme, and a session that serves it; no network in between, and no time but that of the test. */
export interface Stage {
  readonly github: Simulator;
  readonly organization: Organization;
  readonly time: FakeTime;
  readonly session: Session;
  readonly mailbox: Mailbox;
  readonly setWeather: (weather: Weather) => void;
  /** Whatever was allowed, at any step, beyond what could be believed at that step. */
  readonly overreach: ReadonlySet<string>;
}

const SECRET = "a-webhook-secret-for-tests";
const original = createSimulator({ webhookSecret: SECRET });
acmeOrganization(original);

export function createStage({ seed, intervals = INTERVALS, through = (reader) => reader }: StageOptions): Stage {
  const time = createFakeTime(undefined, 1);
  const random = createRandom(seed);
  const github = createSimulator({ webhookSecret: SECRET, clock: time.now, seed, like: original });
  const [organization] = github.world.organizations.values();
  if (organization === undefined) throw new Error("there is no acme");
  const picture = createPicture(organization, github.world.users, time.now);
  const store = createStore(organization, time.now);
  const overreach = new Set<string>();
  let weather = FAIR;

  /** Beyond what {@link picture} shows nothing may be allowed; {@link watched} is what was looked at last. */
  const watch = (when: string, anew: boolean): void => {
    const view = session.view();
    if (!view.ready || (view.revision === watched && !anew)) return;
    watched = view.revision;
    for (const line of differences(picture.oracle(view), view)) {
      if (line.includes(": allow (")) overreach.add(`${when}: ${line}`);
    }
  };
  let watched = -1;

  const fromGitHub = through(createWorldReader({ github, organization, time, random, weather: () => weather }));

  const session = createSession({
    organization,
    store: {
      ...store,
      apply: (slices) => {
        const applied = store.apply(slices);
        for (const slice of slices) picture.show(slice);
        return applied;
      },
    },
    open: () => ({
      reader: fromGitHub,
      budget: { ...createBudget(time.now), allows: (urgency) => urgency !== "audit" },
    }),
    intervals,
    maxStaleness: 3_600_000,
    resumed: undefined,
    policyRepository: undefined,
    time,
    random: () => random.next(),
    onApplied: () => watch("after a reading", false),
    onSettled: () => undefined,
    onDrift: () => undefined,
    onAudit: () => undefined,
    onFollowed: () => undefined,
    onFailure: () => undefined,
  });

  const follow = createDeliveries({ ...SILENT, installations: installationsOf(session), now: time.now });
  const mailbox = createMailbox(github, ({ event, action, payload }) => {
    // Counted first, because what it takes away is looked at while it is followed.
    const cuts = cutsOf(event, action, payload, picture.moment);
    picture.receive(cuts);
    follow({ name: event, payload });
    watch(`after ${event}.${action}`, cuts.length > 0);
  });
  session.connect({ installation: organization.installation?.id ?? 0, login: organization.login, permissions: {} });
  return { github, organization, time, session, mailbox, setWeather: (next) => (weather = next), overreach };
}

const silent = () => undefined;
const SILENT = { refresh: silent, forgetUser: silent, endLogins: silent, warn: silent };

function installationsOf(session: Session): DeliveryOptions["installations"] {
  return {
    refresh: () => Promise.resolve(),
    lose: () => session.disconnect(),
    sessions: () => [session],
    find: () => session,
    problems: () => [],
  };
}
