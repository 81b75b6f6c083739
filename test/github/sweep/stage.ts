import { pino } from "pino";
import { vi } from "vitest";
import { connect } from "../../../src/github/connection.ts";
import type { Delivery } from "../../../src/github/deliveries.ts";
import { createFollowed } from "../../../src/github/sweep/followed.ts";
import { createSweep } from "../../../src/github/sweep/sweep.ts";
import type { Time } from "../../../src/github/time.ts";
import { acmeOrganization, createSimulator } from "../../simulator/index.ts";

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

const SECRET = "a-webhook-secret-for-tests";
const LOG = "GET /app/hook/deliveries";
const DETAILS = "GET /app/hook/deliveries/{delivery_id}";

/** From now on the clock moves only when it is told to; timers stay what they are. End it by `vi.useRealTimers()`. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
}

export function pass(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

export interface StageOptions {
  /** The watermark; by default that of a first start. */
  readonly since?: number;
  readonly follow?: (delivery: Delivery) => void;
  /** Stands between the sweep and GitHub. */
  readonly fetch?: (real: typeof fetch) => typeof fetch;
}

/** A sweep alone, on a simulated GitHub whose webhooks go to `arrive`. */
export function stage({ since, follow = () => undefined, fetch = (real) => real }: StageOptions = {}) {
  const github = createSimulator({ webhookSecret: SECRET, validate: true });
  const acme = acmeOrganization(github);
  const time: Time = {
    now: () => Date.now(),
    sleep: (milliseconds) => {
      pass(milliseconds);
      return Promise.resolve();
    },
  };
  const { app } = connect({
    appId: github.app.id,
    privateKey: github.app.privateKey,
    webhookSecret: SECRET,
    apiUrl: "https://api.github.com",
    fetch: fetch(github.fetch),
    log: pino({ level: "silent" }),
    time,
    random: () => 1,
  });

  const delivered: Delivery[] = [];
  const rechecked: (number | undefined)[] = [];
  const warnings: string[] = [];
  const followed = createFollowed(time.now);
  github.deliverTo(({ guid }) => {
    followed.add(guid);
    return Promise.resolve(202);
  });
  const sweep = createSweep({
    app,
    deliver: (delivery) => {
      follow(delivery);
      delivered.push(delivery);
      return "applied";
    },
    recheck: (installation) => rechecked.push(installation),
    followed,
    time,
    since,
    warn: (sentence) => warnings.push(sentence),
  });

  /** So many people join, of which GitHub tells one by one. */
  const join = async (people: number): Promise<void> => {
    for (let n = 0; n < people; n += 1) {
      const user = github.edit.createUser(`person-${github.nextId()}`);
      github.edit.addMember(acme.organization, user);
      await github.settle();
    }
  };
  /** The same, of which nothing reaches us. */
  const joinUnseen = async (people: number): Promise<void> => {
    const fault = github.faults.lose(() => true);
    await join(people);
    fault.end();
  };
  const asked = () => {
    const { byRoute } = github.counts;
    return { pages: byRoute.get(LOG) ?? 0, details: byRoute.get(DETAILS) ?? 0 };
  };
  return { github, acme, app, sweep, followed, delivered, rechecked, warnings, join, joinUnseen, asked };
}

/** Changes items of GitHub's log, and the details of a delivery, on their way to us. */
export function rewriting(
  item: (each: object) => unknown,
  details: (each: object) => unknown = (each) => each,
): (real: typeof fetch) => typeof fetch {
  return (real) => async (input, init) => {
    const response = await real(input, init);
    const { pathname } = new URL(new Request(input).url);
    if (response.status !== 200 || !pathname.includes("/app/hook/deliveries")) return response;
    const body: unknown = await response.json();
    const changed = Array.isArray(body) ? body.map((each) => item(Object(each))) : details(Object(body));
    return Response.json(changed, { headers: response.headers });
  };
}
