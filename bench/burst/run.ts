import * as z from "zod";
import { Question } from "../reference/question.ts";
import type { Report } from "../report.ts";
import { figure, megabytes } from "../report.ts";
import { Counts, Environment, Outcomes } from "../sync/messages.ts";
import type { Worker } from "../worker.ts";
import { startWorker } from "../worker.ts";
import { Announcement, Memory, Sent, Spent } from "./messages.ts";

const PER_SECOND = 1000;
const DIFFERENT = 2000;
/** A burst meets a process that has been running, and whose code V8 has compiled. */
const WARM_UP = { perSecond: 250, milliseconds: 20_000 };

/** Far more webhooks than any organization sends, against the reference organization. */
export async function benchBurst(quick: boolean): Promise<Report> {
  const seconds = quick ? 10 : 60;
  const github = startWorker(import.meta.url, "../sync/github");
  const packgate = startWorker(import.meta.url, "packgate");
  const sender = startWorker(import.meta.url, "send");
  try {
    const port = await packgate.ask(
      { kind: "listen", env: await github.ask({ kind: "snapshot" }, Environment) },
      z.int(),
    );
    const announcements = await github.ask({ kind: "announcements", count: DIFFERENT }, z.array(Announcement));
    const questions = await github.ask({ kind: "questions", count: 20_000 }, z.array(Question));
    const burst = { port, announcements, questions, perSecond: PER_SECOND, milliseconds: seconds * 1000 };
    await sender.ask({ ...burst, ...WARM_UP }, Sent);
    await packgate.ask({ kind: "settle" }, z.boolean());
    const before = await packgate.ask({ kind: "memory" }, Memory);
    const asked = await requestsOf(github);
    const spentBefore = await packgate.ask({ kind: "spent" }, Spent);
    const sent = await sender.ask(burst, Sent);
    const spent = (await packgate.ask({ kind: "spent" }, Spent)) - spentBefore;
    await packgate.ask({ kind: "settle" }, z.boolean());
    const reads = (await requestsOf(github)) - asked;
    const after = await packgate.ask({ kind: "memory" }, Memory);
    const outcomes = await packgate.ask({ kind: "answer", questions }, Outcomes);
    const wrong = questions.filter(({ allowed }, index) => outcomes[index] !== (allowed ? "allow" : "deny")).length;
    return {
      title: "A burst of webhooks",
      method:
        `${PER_SECOND} signed deliveries a second for ${seconds} s (${DIFFERENT} different ones) over HTTP from another ` +
        "process, at their rate however fast they are accepted, to the reference organization, after " +
        `${WARM_UP.milliseconds / 1000} s at ${WARM_UP.perSecond} a second; memory after collection.`,
      columns: ["figure"],
      rows: [
        ["deliveries sent", figure(sent.sent)],
        ["202 after, median", `${figure(sent.acceptedP50)} ms`],
        ["202 after, p99", `${figure(sent.acceptedP99)} ms`],
        ["processor time a delivery, all else included", `${figure(spent / sent.sent)} ms`],
        ["decisions meanwhile", figure(sent.decided)],
        ["a decision after, p99", `${figure(sent.decidedP99)} ms`],
        ["requests to GitHub because of it", figure(reads)],
        ["heap before and after", `${megabytes(before.heap)}, ${megabytes(after.heap)}`],
        ["resident before and after", `${megabytes(before.rss)}, ${megabytes(after.rss)}`],
      ],
      goals: [
        { name: "ms to a 202, p99", value: sent.acceptedP99, limit: 100, direction: "at most" },
        { name: "deliveries refused", value: sent.refused, limit: 0, direction: "at most" },
        { name: "decisions not made", value: sent.undecided, limit: 0, direction: "at most" },
        { name: "requests to GitHub per delivery", value: reads / sent.sent, limit: 0.2, direction: "at most" },
        { name: "heap after / before", value: after.heap / before.heap, limit: 1.25, direction: "at most" },
        { name: "wrong decisions", value: wrong, limit: 0, direction: "at most" },
      ],
    };
  } finally {
    await Promise.all([github.stop(), packgate.stop(), sender.stop()]);
  }
}

async function requestsOf(github: Worker): Promise<number> {
  const { rest, graphqlQueries } = await github.ask({ kind: "counts" }, Counts);
  return rest + graphqlQueries;
}
