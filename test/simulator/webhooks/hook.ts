import { createHmac } from "node:crypto";
import type { App } from "../app.ts";
import type { DeliveryFaults } from "../faults/deliveries.ts";
import type { Random } from "../random.ts";
import type { Json } from "../resources/account.ts";

/** The App's webhook: signs, queues, sends, and keeps the log that the deliveries API shows. */

export type Event = {
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  payload: Json;
  body: string;
  headers: Record<string, string>;
};
export type Attempt = Event & {
  id: number;
  deliveredAt: number;
  redelivery: boolean;
  /** seconds */
  duration: number;
  status: string;
  statusCode: number;
};
export type DeliveryTarget = string | ((delivery: Event) => Promise<number>);
export type Hook = ReturnType<typeof createHook>;

const largestPayload = 25 * 1024 * 1024;
const retention = 3 * 24 * 3_600_000;
const concurrency = 10;
const answerWithin = 10_000;

export type PayloadCheck = (event: string, action: string | null, payload: Json) => void;

export function createHook(
  app: App,
  clock: () => number,
  random: Random,
  faults: DeliveryFaults,
  check?: PayloadCheck,
) {
  const queue: { event: Event; redelivery: boolean }[] = [];
  const log: Attempt[] = [];
  let waiters: (() => void)[] = [];
  let target: DeliveryTarget | undefined;
  let active = 0;
  let attempts = 0;

  const record = (
    event: Event,
    redelivery: boolean,
    startedAt: number,
    answer: { status: string; statusCode: number },
  ): void => {
    const elapsed = Math.max(0, clock() - startedAt);
    log.push({
      ...event,
      ...answer,
      id: 90_000_000_000 + ++attempts,
      deliveredAt: startedAt,
      redelivery,
      duration: elapsed / 1000,
    });
    while (log[0] !== undefined && log[0].deliveredAt < clock() - retention) log.shift();
  };

  const attempt = async (event: Event, redelivery: boolean): Promise<void> => {
    const startedAt = clock();
    const answer = faults.fails(event)
      ? { status: "failed to connect to host", statusCode: 502 }
      : await send(target, event);
    record(event, redelivery, startedAt, answer);
  };

  const pump = (): void => {
    while (active < concurrency) {
      const next = queue.shift();
      if (next === undefined) break;
      active += 1;
      void attempt(next.event, next.redelivery).finally(() => {
        active -= 1;
        pump();
      });
    }
    if (active === 0 && queue.length === 0) {
      for (const done of waiters) done();
      waiters = [];
    }
  };
  const enqueue = (event: Event, redelivery: boolean): void => {
    queue.push({ event, redelivery });
    // never inside the edit that caused it
    queueMicrotask(pump);
  };
  faults.onRelease((event) => enqueue(event, false));

  return {
    log: log as readonly Attempt[],
    deliverTo(to: DeliveryTarget): void {
      target = to;
    },
    emit(
      event: string,
      action: string | null,
      installationId: number | null,
      repositoryId: number | null,
      payload: Json,
    ): void {
      check?.(event, action, payload);
      const body = JSON.stringify(payload);
      if (Buffer.byteLength(body) > largestPayload) return;
      const guid = ["8", "4", "4", "4", "12"]
        .map((length) => random.text(Number(length), "0123456789abcdef"))
        .join("-");
      const headers = headersOf(app, event, guid, body);
      const made = { guid, event, action, installationId, repositoryId, payload, body, headers };
      for (const each of faults.route(made)) enqueue(each, false);
    },
    /** Sends the event of an earlier attempt again, under the same GUID. */
    redeliver(id: number): boolean {
      const earlier = log.find((each) => each.id === id);
      if (earlier !== undefined) enqueue(earlier, true);
      return earlier !== undefined;
    },
    settle: (): Promise<void> =>
      active === 0 && queue.length === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve)),
  };
}

function headersOf(app: App, event: string, guid: string, body: string): Record<string, string> {
  return {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/5114abc",
    "x-github-delivery": guid,
    "x-github-event": event,
    "x-github-hook-id": String(app.hookId),
    "x-github-hook-installation-target-id": String(app.id),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature-256": `sha256=${createHmac("sha256", app.webhookSecret).update(body).digest("hex")}`,
  };
}

async function send(target: DeliveryTarget | undefined, event: Event): Promise<{ status: string; statusCode: number }> {
  if (target === undefined) return { status: "failed to connect to host", statusCode: 502 };
  try {
    const statusCode = typeof target === "string" ? await post(target, event) : await target(event);
    const ok = statusCode >= 200 && statusCode < 300;
    return { status: ok ? "OK" : `Invalid HTTP Response: ${statusCode}`, statusCode };
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return late ? { status: "timed out", statusCode: 504 } : { status: "failed to connect to host", statusCode: 502 };
  }
}

async function post(url: string, event: Event): Promise<number> {
  const signal = AbortSignal.timeout(answerWithin);
  const response = await fetch(url, {
    method: "POST",
    headers: event.headers,
    body: event.body,
    signal,
    redirect: "manual",
  });
  await response.arrayBuffer();
  return response.status;
}
