import type { Config } from "../../config.ts";
import { fail, type Finding, ok } from "../../github/doctor/finding.ts";
import { ageOf } from "../age.ts";
import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { askReadiness } from "../status.ts";
import { troublesOf } from "./running.ts";

/**
 * Is Packgate running where this configuration puts it, or where PACKGATE_URL says, is it ready, and what troubles it?
 */
export async function checkServer(
  io: Io,
  config: Pick<Config, "host" | "port" | "resyncIntervalMs"> | undefined,
): Promise<Finding[]> {
  const url = io.env["PACKGATE_URL"]?.trim() || (config === undefined ? undefined : localUrl(config));
  try {
    const reply = await askReadiness(io, url);
    const { ready, orgs, problems } = reply;
    const resyncInterval = config === undefined ? undefined : config.resyncIntervalMs / 1000;
    const troubles = troublesOf({ reply, resyncInterval, now: io.clock() });
    const state = orgs.map(({ login, asOf }) => `${login} as of ${ageOf(asOf, io.clock())}`).join(", ");
    if (ready) return [ok("server", `ready: ${state}`), ...troubles];
    const why = problems?.join("; ") || "it has not read everything from GitHub yet";
    return [fail("server", `running, but not ready: ${why}`, "see: packgate status"), ...troubles];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // It may well be meant to be down while the doctor looks; and the sentence has its fix.
    return [{ status: "warn", check: "server", message: error.message }];
  }
}

function localUrl({ host, port }: Pick<Config, "host" | "port">): string {
  // An address that means "all of them" is one to listen on, not one to connect to.
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
