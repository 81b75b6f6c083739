import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { apply } from "../github/support/random-edits.ts";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { createRandom } from "../simulator/random.ts";
import type { Server } from "./packgate.ts";
import { serve, serverEnvironment } from "./packgate.ts";
import { until } from "./process.ts";
import { emptyFolder } from "./tools.ts";

const PERMISSIONS = ["read", "upload", "yank", "delete", "manage"] as const;
const KILLS = 10;
const SAMPLE = 300;
/** Fifty-five processes one after another and three at a time take a minute, and more where others want the machine. */
const FIVE_MINUTES = 300_000;

const evaluationsOf = z.object({
  evaluations: z.array(
    z.object({
      decision: z.boolean(),
      context: z.object({
        reason: z.string().optional(),
        error: z.object({ status: z.int(), message: z.string() }).optional(),
      }),
    }),
  ),
});

type Stage = Awaited<ReturnType<typeof stage>>;

/** A GitHub, a folder, and processes that follow each other on it; all chance comes from the seed. */
async function stage(seed: number, atTheEnd: (clean: () => Promise<unknown>) => void) {
  const random = createRandom(seed);
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET, seed });
  const { organization } = acmeOrganization(github);
  const api = await github.listen();
  atTheEnd(api.close);
  const folder = emptyFolder();
  const env: Record<string, string> = {
    ...(await serverEnvironment(github, api.url)),
    PACKGATE_STATE: `file:${folder}`,
  };
  github.deliverTo(`http://127.0.0.1:${env["PORT"] ?? ""}/api/github/webhooks`);
  let edits = 0;

  const edit = (): void => {
    edits += 1;
    const [a, b, c] = [random.below(100), random.below(100), random.below(100)];
    apply(github, organization, { edit: random.below(1000), a, b, c }, `edit-${edits}`);
  };
  const question = () => ({
    user: random.pick([...github.world.users.values()]),
    name: random.pick([...organization.claims.keys()]),
    action: random.pick(PERMISSIONS),
  });
  const decided = async (server: Server, { user, name, action }: ReturnType<typeof question>): Promise<string> => {
    const { body } = await server.ask({ package: name, action, user: String(user.id) });
    const { decision, reason } = Object(body);
    return decision === "allow" ? "allow" : `${decision} (${reason})`;
  };
  /** All in one request, for a connection each costs more than the decisions. */
  const decidedAll = async (server: Server, questions: readonly ReturnType<typeof question>[]): Promise<string[]> => {
    const evaluations = questions.map(({ user, name, action }) => ({
      subject: { type: "user", id: String(user.id) },
      action: { name: action },
      resource: { type: "pypi_package", id: name },
    }));
    const body = await server.post("/access/v1/evaluations", { evaluations });
    return evaluationsOf.parse(body).evaluations.map(({ decision, context }) => {
      if (context.error !== undefined) return `unknown (${context.error.status} ${context.error.message})`;
      return `${decision ? "allow" : "deny"} (${context.reason})`;
    });
  };

  return {
    random,
    github,
    edit,
    begin: (): Server => {
      const server = serve(env);
      atTheEnd(server.stop);
      return server;
    },
    /** Edits and their webhooks for so long. */
    load: async (milliseconds: number): Promise<void> => {
      for (const end = performance.now() + milliseconds; performance.now() < end; await sleep(40)) edit();
    },
    /** Edits now and then, until a snapshot has been written. */
    saved: async (): Promise<void> => {
      const writtenAt = (): number | undefined =>
        statSync(join(folder, "state.gz"), { throwIfNoEntry: false })?.mtimeMs;
      const before = writtenAt();
      await until("a snapshot has been written", async () => {
        edit();
        await sleep(500);
        return writtenAt() !== before;
      });
    },
    kill: async (server: Server): Promise<void> => {
      server.signal("SIGKILL");
      await server.ended;
      await github.settle();
    },
    /** Resolves once it is ready. @returns what was decided though it was not */
    ready: async (server: Server): Promise<string[]> => {
      const early: string[] = [];
      await until("Packgate is ready", async () => {
        try {
          // What is answered before it says that it is not ready was answered while it was not.
          const decision = await decided(server, question());
          const { status } = await fetch(`${server.url}/readyz`, { headers: { connection: "close" } });
          if (status === 200) return true;
          if (!decision.startsWith("unknown")) early.push(decision);
          return `${status}\n${server.output()}`;
        } catch {
          return server.output();
        }
      });
      return early;
    },
    /** Resolves once it has looked through GitHub's log, and nothing that it has heard of waits to be read. */
    settled: (server: Server): Promise<void> =>
      until("nothing waits", async () => {
        const response = await fetch(`${server.url}/readyz`, { headers: { connection: "close" } });
        const text = await response.text();
        return (text.includes('"lag":0,') && !text.includes('"lastSweepAt":null')) || text;
      }),
    /** Random decisions that are not as they truly are. */
    wrong: async (server: Server): Promise<string[]> => {
      const questions = Array.from({ length: SAMPLE }, question);
      const truth = questions.map(({ user, name, action }) =>
        github.truth(organization, user.id, name).permissions.has(action) ? "allow" : "deny",
      );
      const decisions = await decidedAll(server, questions);
      return questions.flatMap(({ user, name, action }, at) => {
        const [decision = "no answer", wanted = ""] = [decisions[at], truth[at]];
        return decision.startsWith(wanted) ? [] : [`${user.login} ${action} ${name}: ${decision}, not ${wanted}`];
      });
    },
  };
}

/** Waits until it serves, and compares. @returns whether it has gone on from a snapshot, instead of reading everything */
async function compared({ ready, settled, wrong }: Stage, server: Server, where: string): Promise<boolean> {
  expect(await ready(server), `${where}: decided before it was ready`).toEqual([]);
  const first = await wrong(server);
  const isResumed = !server.output().includes("Reading acme");
  // What a webhook took away no reading gives back at once, though GitHub gave it back in the same moment; and of what came
  // up while nobody listened, nothing is known until it has been read. Neither may ever allow.
  const wrongly = first.filter((line) => line.includes(": allow"));
  expect(wrongly, `${where}\n${server.output()}`).toEqual([]);
  const allowed: string[] = [];
  await until(`${where}: every decision is true`, async () => {
    await settled(server);
    const differences = await wrong(server);
    allowed.push(...differences.filter((line) => line.includes(": allow")));
    return differences.length === 0 || `${differences.join("\n")}\n${server.output()}`;
  });
  expect(allowed, `${where}\n${server.output()}`).toEqual([]);
  return isResumed;
}

describe("a process that is killed at any moment", () => {
  it.concurrent.for([1, 2, 3, 4, 5])(
    "goes on where GitHub is now (seed %i)",
    { timeout: FIVE_MINUTES },
    async (seed, { onTestFinished }) => {
      const world = await stage(seed, (clean) => onTestFinished(async () => void (await clean())));
      const { random, github, edit, begin, load, saved, kill } = world;
      let resumed = 0;
      for (let life = 0; life <= KILLS; life += 1) {
        const server = begin();
        // Every fourth is killed while it starts; the others as they follow what happens, or save it.
        const isKilledEarly = life > 0 && life < KILLS && random.below(4) === 0;
        if (!isKilledEarly) {
          if (await compared(world, server, `seed ${seed}, life ${life}`)) resumed += 1;
          if (life === 0 || random.below(4) === 0) await saved();
        }
        await load(random.below(1000));
        await kill(server);
        for (let missed = random.below(4); missed > 0; missed -= 1) edit();
        await github.settle();
      }
      expect(resumed).toBeGreaterThan(0);
    },
  );
});
