import { connect } from "node:net";
import * as z from "zod";
import { answerRequests } from "../worker.ts";

const CONNECTIONS = 64;
const Request = z.object({ port: z.int(), requests: z.array(z.string()), milliseconds: z.number() });

/**
 * Keeps a server busy: so many connections, each with one request under way. Written by hand because a client that
 * parses replies properly is slower than the servers measured here, and would be all that is measured.
 */
async function load({ port, requests, milliseconds }: z.infer<typeof Request>): Promise<number> {
  const bytes = requests.map((request) => Buffer.from(request, "latin1"));
  const end = performance.now() + milliseconds;
  let next = 0;
  let answered = 0;

  const converse = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
      let pending = "";
      const ask = (): void => {
        const request = bytes[next++ % bytes.length];
        if (request === undefined || performance.now() > end) socket.end();
        else socket.write(request);
      };
      socket.on("connect", ask);
      socket.on("data", (chunk: string) => {
        pending += chunk;
        const body = pending.indexOf("\r\n\r\n") + 4;
        if (body < 4) return;
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(pending)?.[1]);
        if (pending.length < body + length) return;
        if (!/^HTTP\/1\.1 (?:200|403) /.test(pending)) reject(new Error(pending));
        pending = "";
        answered += 1;
        ask();
      });
      socket.on("error", reject);
      socket.on("close", () => resolve());
    });
  // Never asleep: to wake a client costs a server more than to read what it asks, and only one that is slower than the
  // client would pay for it.
  let busy = true;
  const stayAwake = (): void => {
    if (busy) setImmediate(stayAwake);
  };
  stayAwake();
  await Promise.all(Array.from({ length: CONNECTIONS }, converse));
  busy = false;
  return answered;
}

answerRequests((message) => load(Request.parse(message)));
