import { z } from "zod";
import type { OrganizationId } from "../domain/facts.ts";
import { choose } from "./choose.ts";
import type { Client } from "./client.ts";
import { GitHubFailure } from "./failure.ts";
import type { Session } from "./session.ts";

/** One place where the App is installed, as `GET /app/installations` tells it. */
export const installationSchema = z.object({
  id: z.number(),
  account: z.object({ id: z.number(), login: z.string() }),
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
  readonly lose: (organization: OrganizationId, why: string) => void;
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
  readonly open: (organization: Installation["account"]) => Session;
  /** The sessions that there are before GitHub has been asked. */
  readonly resumed: readonly Session[];
  /** What an installation lacks, as sentences. */
  readonly shortcomings: (installation: Installation) => readonly string[];
  readonly warn: (sentence: string) => void;
}

export function createInstallations(options: InstallationsOptions): Installations {
  const { app, wanted, open, resumed, shortcomings, warn } = options;
  const sessions = new Map<OrganizationId, Session>(resumed.map((session) => [session.organization.id, session]));
  const problems = new Map<OrganizationId | "choice", readonly string[]>();

  const note = (about: OrganizationId | "choice", sentences: readonly string[]): void => {
    const known = problems.get(about) ?? [];
    for (const sentence of sentences) if (!known.includes(sentence)) warn(sentence);
    problems.set(about, sentences);
  };

  const lose: Installations["lose"] = (organization, why) => {
    const session = sessions.get(organization);
    if (session === undefined) return;
    note(organization, [why]);
    session.disconnect();
  };

  const serve = (installation: Installation): void => {
    const { id, account, permissions, suspended_at: suspendedAt } = installation;
    const session = sessions.get(account.id) ?? open(account);
    sessions.set(account.id, session);
    if (typeof suspendedAt === "string") {
      lose(
        account.id,
        `The installation on ${account.login} is suspended: unsuspend it in the organization's settings.`,
      );
      return;
    }
    note(account.id, shortcomings(installation));
    session.connect({ installation: id, login: account.login, permissions });
  };

  return {
    refresh: async () => {
      const all = await app.list("GET /app/installations", {}, z.array(z.looseObject({ target_type: z.string() })));
      // An installation on an enterprise or a person has an account of another shape, and is none of ours.
      const organizations = installationsIn(all.filter(({ target_type: type }) => type === "Organization"));
      const { chosen, sentences } = choose(organizations, wanted, (id) => sessions.has(id));
      note("choice", sentences);
      const kept = new Set(chosen.map(({ account }) => account.id));
      for (const [id, { organization }] of sessions) {
        if (kept.has(id)) continue;
        lose(id, `The App is no longer installed on ${organization.login}: install it again to serve it.`);
      }
      for (const installation of chosen) serve(installation);
    },
    lose,
    sessions: () => [...sessions.values()],
    find: (organization) => sessions.get(organization),
    problems: () => [...problems.values()].flat(),
  };
}

function installationsIn(found: readonly unknown[]): Installation[] {
  const parsed = z.array(installationSchema).safeParse(found);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new GitHubFailure(
    "unavailable",
    `GitHub's list of the App's installations has an unexpected shape at "${where}".`,
  );
}
