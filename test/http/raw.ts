import { connect } from "node:net";

export interface RawReply {
  /** Everything the server sent until it closed, or until nothing more came. */
  readonly text: string;
  readonly statuses: readonly number[];
  readonly closed: boolean;
}

/** How long, in milliseconds, a server may think, and how long it is listened to for more than was expected. */
const PATIENCE = { reply: 30_000, more: 250 } as const;

/** Sends bytes as they are. @param replies how many are waited for, unless the server closes */
export function sendRaw(port: number, bytes: string | Buffer, replies = 1): Promise<RawReply> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const read = (): Omit<RawReply, "closed"> => {
      const text = Buffer.concat(chunks).toString("latin1");
      return { text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1])) };
    };
    const finish = (closed: boolean) => (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...read(), closed });
    };
    let timer = setTimeout(finish(false), replies === 0 ? PATIENCE.more : PATIENCE.reply);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (read().statuses.length < replies) return;
      clearTimeout(timer);
      timer = setTimeout(finish(false), PATIENCE.more);
    });
    socket.on("end", finish(true));
    socket.on("error", finish(true));
    socket.write(bytes);
  });
}
