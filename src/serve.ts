import type { Server } from "node:http";
import type { Config } from "./config.ts";
import { GitHubFailure } from "./github/failure.ts";
import { closeGracefully, createHttpServer } from "./http/server.ts";
import type { Surroundings } from "./service.ts";
import { createService } from "./service.ts";

/** What in-flight requests and reads may take to finish once we are told to stop; GitHub itself gives up after ten. */
const GRACE_MS = 10_000;

export interface ServeOptions extends Surroundings {
  readonly config: Config;
  /** Resolves when the process is told to stop, with the reason. */
  readonly stopped: Promise<string>;
}

/**
 * Serves until told to stop. Answers from the first moment on: `unknown` until everything has been read.
 *
 * @returns the exit code
 */
export async function serve({ config, stopped, ...surroundings }: ServeOptions): Promise<number> {
  const { log } = surroundings;
  for (const warning of config.warnings) log.warn(warning);
  if (config.indexClients.length === 0) {
    log.warn("PACKGATE_INDEX_CLIENTS is empty, so nobody may ask for decisions: add name:secret for your index.");
  }

  const service = await createService(config, surroundings);
  const server = createHttpServer(service.http);
  const trouble = await listen(server, config);
  if (trouble !== undefined) {
    log.fatal(trouble);
    return 1;
  }
  log.info(`Listening on ${urlOf(server)}.`);

  const outcome = await Promise.race([
    stopped.then((reason) => ({ code: 0, reason })),
    service.start().then(
      () => stopped.then((reason) => ({ code: 0, reason })),
      (error: unknown) => ({ code: 1, reason: error instanceof GitHubFailure ? error.message : String(error) }),
    ),
  ]);
  if (outcome.code === 0) log.info(`${outcome.reason}: finishing what is in flight.`);
  else log.fatal(outcome.reason);
  await Promise.all([closeGracefully(server, GRACE_MS), service.stop()]);
  return outcome.code;
}

/** Where the server really listens: with port 0 the system has chosen. */
function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") return String(address);
  return `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
}

/** @returns a sentence when the address cannot be had */
function listen(server: Server, { host, port }: Config): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(
        LISTEN_FAULTS[error.code ?? ""]?.(host, port) ??
          `Cannot listen on ${host}:${port} (${error.code ?? error.name}).`,
      );
    });
    server.listen(port, host, () => resolve(undefined));
  });
}

const LISTEN_FAULTS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (_, port) => `Port ${port} is in use: stop the other program, or set PORT to a free one.`,
  EACCES: (_, port) => `Port ${port} may not be opened: set PORT to one above 1023.`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host}: set HOST to one it has, such as 127.0.0.1.`,
  ENOTFOUND: (host) => `HOST ${host} is no address: set it to one of this machine, such as 127.0.0.1.`,
};
