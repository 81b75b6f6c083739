import type { Socket } from "node:net";
import { connect } from "node:net";
import { answerRequests } from "../worker.ts";
import type { Loaded } from "./messages.ts";
import { LoadRequest } from "./messages.ts";

const CONNECTIONS = 32;
/** Milliseconds between two looks at the clock. */
const TICK = 1;

/**
 * Sends so many requests a second whether or not the server keeps up, and measures each from when it was due: a client
 * that waited for slow replies would leave out just those that had to wait (what is called coordinated omission).
 */
async function load({ port, requests, perSecond, milliseconds }: LoadRequest): Promise<Loaded> {
  const bytes = requests.map((request) => Buffer.from(request, "latin1"));
  const latencies: number[] = [];
  const statuses = new Map<string, number>();
  const idle: Socket[] = [];
  const due: number[] = [];
  const sockets = Array.from({ length: CONNECTIONS }, () => connect(port, "127.0.0.1").setNoDelay(true));
  let sent = 0;
  let failed: Error | undefined;

  const dispatch = (): void => {
    while (idle.length > 0 && due.length > 0) {
      const [socket, since, request] = [idle.pop(), due.shift(), bytes[sent % bytes.length]];
      if (socket === undefined || since === undefined || request === undefined) return;
      sent += 1;
      replyOn(socket, (status) => {
        latencies.push(performance.now() - since);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        idle.push(socket);
        dispatch();
      });
      socket.write(request);
    }
  };
  for (const socket of sockets) {
    socket.setEncoding("latin1").on("connect", () => idle.push(socket));
    socket.on("error", (error) => (failed ??= error));
  }

  const began = performance.now();
  let scheduled = 0;
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(() => {
      const elapsed = Math.min(performance.now() - began, milliseconds);
      for (; scheduled < (elapsed * perSecond) / 1000; scheduled += 1) due.push(began + (scheduled * 1000) / perSecond);
      dispatch();
      if (failed === undefined && (elapsed < milliseconds || idle.length < CONNECTIONS || due.length > 0)) return;
      clearInterval(timer);
      if (failed === undefined) resolve();
      else reject(failed);
    }, TICK);
  });
  const ended = performance.now();
  for (const socket of sockets) socket.destroy();
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return {
    median: at(0.5),
    p99: at(0.99),
    answered: sorted.length,
    milliseconds: ended - began,
    statuses: Object.fromEntries(statuses),
  };
}

function replyOn(socket: Socket, done: (status: string) => void): void {
  let pending = "";
  const collect = (chunk: string): void => {
    pending += chunk;
    const body = pending.indexOf("\r\n\r\n") + 4;
    if (body < 4) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(pending)?.[1]);
    if (pending.length < body + length) return;
    socket.off("data", collect);
    done(pending.slice(9, 12));
  };
  socket.on("data", collect);
}

answerRequests((message) => load(LoadRequest.parse(message)));
