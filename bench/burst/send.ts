import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { INDEX_SECRET } from "../../test/helpers/packgate.ts";
import { answerRequests } from "../worker.ts";
import type { Sent } from "./messages.ts";
import { Announcement } from "./messages.ts";

const Request = z.object({
  port: z.int(),
  announcements: z.array(Announcement),
  questions: z.array(z.object({ user: z.int(), name: z.string(), permission: z.string() })),
  perSecond: z.int(),
  milliseconds: z.number(),
});

const TICK_MS = 10;
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

interface Answered {
  readonly status: number;
  /** Milliseconds. */
  readonly took: number;
}

/** @param since from when on it counts */
function post(port: number, path: string, { headers, body }: Announcement, since: number): Promise<Answered> {
  return new Promise<Answered>((resolve, reject) => {
    const sending = request({ port, path, method: "POST", agent, headers }, (response) => {
      response.resume();
      response.once("end", () => resolve({ status: response.statusCode ?? 0, took: performance.now() - since }));
    });
    sending.once("error", reject);
    sending.end(body);
  });
}

/** Sends deliveries at their rate whether or not they are accepted as fast, and asks for a decision now and then. */
async function send({
  port,
  announcements,
  questions,
  perSecond,
  milliseconds,
}: z.infer<typeof Request>): Promise<Sent> {
  const deliveries: Promise<Answered>[] = [];
  const decisions: Promise<Answered>[] = [];
  const began = performance.now();
  const due = (): number => Math.floor((Math.min(milliseconds, performance.now() - began) * perSecond) / 1000);
  const headers = { authorization: `Bearer ${INDEX_SECRET}`, "content-type": "application/json" };
  for (; performance.now() - began < milliseconds; await sleep(TICK_MS)) {
    for (let left = due() - deliveries.length; left > 0; left -= 1) {
      const index = deliveries.length;
      const announcement = announcements[index % announcements.length];
      if (announcement === undefined) break;
      deliveries.push(post(port, "/api/github/webhooks", announcement, began + (index * 1000) / perSecond));
    }
    const question = questions[decisions.length % questions.length];
    const body = { user: String(question?.user), package: question?.name, action: question?.permission };
    decisions.push(post(port, "/authorize", { headers, body: JSON.stringify(body) }, performance.now()));
  }
  const [accepted, decided] = [await Promise.all(deliveries), await Promise.all(decisions)];
  return {
    sent: accepted.length,
    refused: accepted.filter(({ status }) => status !== 202).length,
    acceptedP50: percentile(accepted, 0.5),
    acceptedP99: percentile(accepted, 0.99),
    decidedP99: percentile(decided, 0.99),
    decided: decided.length,
    undecided: decided.filter(({ status }) => status !== 200 && status !== 403).length,
  };
}

function percentile(all: readonly { readonly took: number }[], share: number): number {
  return all.map(({ took }) => took).toSorted((a, b) => a - b)[Math.floor((all.length - 1) * share)] ?? 0;
}

answerRequests((message) => send(Request.parse(message)));
