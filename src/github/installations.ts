import { z } from "zod";
import type { OrganizationId } from "../domain/facts.ts";
import type { Client } from "./client.ts";
import type { Session } from "./session.ts";

/** One place where the App is installed, as `GET /app/installations` tells it. */
export const installationSchema = z.object({
  id: z.number(),
  account: z.object({ id: z.number(), login: z.string() }),
  target_type: z.string(),
  repository_selection: z.enum(["all", "selected"]),
  permissions: z.record(z.string(), z.string().optional()),
  events: z.array(z.string()),
  suspended_at: z.string().nullish(),
});
export type Installation = z.infer<typeof installationSchema>;

/** The organizations we serve, found through the App's installations. */
export interface Installations {
  /** Asks GitHub where the App is installed, and serves what should be served. Rejects with a `GitHubFailure`. */
  readonly refresh: () => Promise<void>;
  /** Stops serving an organization at once. */
  readonly lose: (organization: OrganizationId, why: string) => Promise<void>;
  readonly sessions: () => readonly Session[];
  readonly find: (organization: OrganizationId) => Session | undefined;
  /** What keeps organizations from being served as they should, as sentences. */
  readonly problems: () => readonly string[];
}

export interface InstallationsOptions {
  /** Reads as the App itself. */
  readonly app: Client;
  /** Logins to serve; empty: the only installation there is. */
  readonly wanted: readonly string[];
  readonly open: (installation: Installation) => Session;
  /** What an installation lacks, as sentences. */
  readonly shortcomings: (installation: Installation) => readonly string[];
  readonly warn: (sentence: string) => void;
}

export function createInstallations({ app, wanted, open, shortcomings, warn }: InstallationsOptions): Installations {
  const sessions = new Map<OrganizationId, Session>();
  const problems = new Map<string, readonly string[]>();

  const lose: Installations["lose"] = async (organization, why) => {
    const session = sessions.get(organization);
    if (session === undefined) return;
    note(session.organization.login, [why]);
    await session.disconnect();
  };

  const note = (login: string, sentences: readonly string[]): void => {
    const known = problems.get(login) ?? [];
    for (const sentence of sentences) if (!known.includes(sentence)) warn(sentence);
    problems.set(login, sentences);
  };

  const serve = async (installation: Installation): Promise<void> => {
    const { account, suspended_at: suspendedAt } = installation;
    const session = sessions.get(account.id) ?? open(installation);
    sessions.set(account.id, session);
    if (typeof suspendedAt === "string") {
      await lose(
        account.id,
        `The installation on ${account.login} is suspended: unsuspend it in the organization's settings.`,
      );
      return;
    }
    note(account.login, shortcomings(installation));
    session.connect();
  };

  return {
    refresh: async () => {
      const all = await app.list("GET /app/installations", {}, z.array(installationSchema));
      const { chosen, sentences } = choose(
        all.filter(({ target_type: type }) => type === "Organization"),
        wanted,
      );
      note("", sentences);
      const gone = [...sessions.keys()].filter((id) => !chosen.some(({ account }) => account.id === id));
      await Promise.all(
        gone.map((id) =>
          lose(
            id,
            `The App is no longer installed on ${sessions.get(id)?.organization.login ?? id}: install it again to serve it.`,
          ),
        ),
      );
      await Promise.all(chosen.map(serve));
    },
    lose,
    sessions: () => [...sessions.values()],
    find: (organization) => sessions.get(organization),
    problems: () => [...problems.values()].flat(),
  };
}

/** Which installations to serve. Several without a choice are none: serving the wrong organization is worse than none. */
function choose(
  all: readonly Installation[],
  wanted: readonly string[],
): { chosen: readonly Installation[]; sentences: readonly string[] } {
  const logins = all.map(({ account }) => account.login);
  if (all.length === 0) {
    return {
      chosen: [],
      sentences: ["The App is installed nowhere: install it on your organization from the App's page on GitHub."],
    };
  }
  if (wanted.length === 0) {
    if (all.length === 1) return { chosen: all, sentences: [] };
    return {
      chosen: [],
      sentences: [`The App is installed on ${logins.join(", ")}: set PACKGATE_ORGS to those that shall be served.`],
    };
  }
  const isWanted = (login: string): boolean => wanted.some((name) => name.toLowerCase() === login.toLowerCase());
  const missing = wanted.filter((name) => !logins.some((login) => login.toLowerCase() === name.toLowerCase()));
  const ignored = logins.filter((login) => !isWanted(login));
  return {
    chosen: all.filter(({ account }) => isWanted(account.login)),
    sentences: [
      ...missing.map((name) => `The App is not installed on ${name}, which PACKGATE_ORGS names: install it there.`),
      ...ignored.map((login) => `The installation on ${login} is ignored: add it to PACKGATE_ORGS to serve it.`),
    ],
  };
}
