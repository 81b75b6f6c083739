import { connect } from "node:net";

export interface RawReply {
  /** Everything the server sent until it closed, or until nothing more came. */
  readonly text: string;
  readonly statuses: readonly number[];
  readonly closed: boolean;
}

/** Sends bytes as they are. @param patience milliseconds to wait for the server to close */
export function sendRaw(port: number, bytes: string | Buffer, patience = 250): Promise<RawReply> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const finish = (closed: boolean) => (): void => {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(chunks).toString("latin1");
      resolve({ text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1])), closed });
    };
    let timer = setTimeout(finish(false), patience);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(finish(false), patience);
    });
    socket.on("end", finish(true));
    socket.on("error", finish(true));
    socket.write(bytes);
  });
}
