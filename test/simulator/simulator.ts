import { createApi } from "./api.ts";
import { createApp } from "./app.ts";
import { createDeviceBook } from "./devices.ts";
import { createEditor } from "./edits/editor.ts";
import { createEdits } from "./edits/index.ts";
import { createDeliveryFaults } from "./faults/deliveries.ts";
import { createRequestFaults } from "./faults/requests.ts";
import { copyWorld, createHistory } from "./history.ts";
import type { Organization, World } from "./model.ts";
import { truth } from "./oracle.ts";
import { createRandom } from "./random.ts";
import { createRateLimits } from "./rate-limits.ts";
import { createTokenBook, type UserTokenKind, type UserTokenOptions } from "./tokens.ts";
import { createFetch, listen } from "./transport.ts";
import { createValidator } from "./validation/validator.ts";
import { createHook, type DeliveryTarget } from "./webhooks/hook.ts";

export type SimulatorOptions = {
  webhookSecret: string;
  /** epoch milliseconds */
  clock?: () => number;
  seed?: number;
  /** Check every REST reply and webhook against GitHub's own schemas; what fails is in `violations`. */
  validate?: boolean;
  /** Begins with a copy of what another simulator holds: far cheaper than making it again. */
  like?: Simulator;
};
export type Simulator = ReturnType<typeof createSimulator>;

/** GitHub, with one App: a model, the API that shows it, the edits that change it, the webhooks that tell. */
export function createSimulator(options: SimulatorOptions) {
  const clock = options.clock ?? Date.now;
  const random = createRandom(options.seed ?? 1);
  const world: World = copyWorld(options.like?.world ?? { users: new Map(), organizations: new Map() });
  const app = createApp(options.webhookSecret);
  const tokens = createTokenBook(random, clock);
  const devices = createDeviceBook(random, clock, tokens);
  const deliveryFaults = createDeliveryFaults();
  const requestFaults = createRequestFaults(clock);
  const history = createHistory(world, clock);
  const validator = options.validate === true ? createValidator() : undefined;
  const hook = createHook(app, clock, random, deliveryFaults, validator?.webhook);
  const counts = { rest: 0, graphqlQueries: 0, graphqlPoints: 0, byRoute: new Map<string, number>() };
  const unknownRoutes: string[] = [];
  let lastId: number = options.like?.lastId() ?? 1000;
  const nextId = (): number => ++lastId;

  const services = { app, tokens, devices, rateLimits: createRateLimits(clock), hook, faults: requestFaults };
  const api = createApi({ ...services, world, history, clock, counts, unknownRoutes, check: validator?.reply });
  const editor = createEditor({ world, clock, app, hook, history, tokens, nextId });

  return {
    world,
    app,
    clock,
    nextId,
    lastId: (): number => lastId,
    edit: createEdits(editor),
    fetch: createFetch(api),
    listen: (port = 0) => listen(api, port),
    deliverTo: (target: DeliveryTarget) => hook.deliverTo(target),
    settle: () => hook.settle(),
    deliveries: hook.log,
    counts,
    resetCounts(): void {
      Object.assign(counts, { rest: 0, graphqlQueries: 0, graphqlPoints: 0 });
      counts.byRoute.clear();
    },
    unknownRoutes,
    /** What GitHub's schemas say against replies and webhooks, and what was held against them: only with `validate`. */
    violations: validator?.violations ?? [],
    validated: validator?.validated ?? new Map<string, number>(),
    faults: {
      ...requestFaults,
      ...deliveryFaults,
      /** Replicas answer as the model was so many milliseconds ago. */
      lag: (ms: number) => history.setLag(ms),
      clear(): void {
        requestFaults.clear();
        deliveryFaults.clear();
        history.setLag(0);
      },
    },
    tokenFor: (userId: number, kind: UserTokenKind = "classic", more?: UserTokenOptions) =>
      tokens.issueToUser(userId, kind, more),
    /** What this user may do with that package: the oracle's answer, now. */
    truth: (organization: Organization, userId: number, packageName: string) =>
      truth(world, organization, userId, packageName, clock()),
    /** The world as a replica shows it now; see `faults.lag`. */
    seen: () => history.seen(),
    /** The device flow, as the people in front of their browsers see it. */
    devices,
    revokeToken: (token: string) => tokens.revoke(token),
  };
}
