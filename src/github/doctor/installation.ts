import { z } from "zod";

import { EVENT_PERMISSIONS, shortfall } from "../app-manifest.ts";
import type { RegisteredApp } from "./app.ts";
import type { Context } from "./context.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";
import { inquire } from "./inquire.ts";
import { installationPage, type Served } from "./installations.ts";

/** Everything about one organization. */
export async function checkInstallation(context: Context, app: RegisteredApp, served: Served): Promise<Finding[]> {
  const page = installationPage(context.webUrl, served);
  const { suspended_at, repository_selection } = served.installation;
  const suspended = `suspended since ${suspended_at ?? ""}: GitHub sends nothing and answers nothing`;
  const findings = suspended_at
    ? [fail("installation", suspended, `unsuspend it on ${page}`)]
    : [
        repository_selection === "all"
          ? ok("installation", "all repositories")
          : fail("installation", "only selected repositories, so packages are missing", `choose all on ${page}`),
        ...checkGranted(served, app, page),
        await checkBasePermission(context, served, page),
        ...(await checkRateLimit(context, served)),
      ];
  return findings.map((finding) => ({ ...finding, org: served.org }));
}

/** Names each permission and event that the organization has not granted, and where to grant it. */
function checkGranted({ installation }: Served, app: RegisteredApp, page: string): Finding[] {
  const { permissions, events } = shortfall(installation);
  const lacking = [
    ...permissions.map((name) => ({ what: `permission ${name}`, offered: !app.lacks.permissions.includes(name) })),
    // Where the permission is missing, so is the event, and accepting the one brings the other.
    ...events
      .filter((name) => !permissions.includes(EVENT_PERMISSIONS[name]))
      .map((name) => ({ what: `event ${name}`, offered: !app.lacks.events.includes(name) })),
  ];
  if (lacking.length === 0) return [ok("permissions", "every permission and event is granted")];
  return lacking.map(({ what, offered }) =>
    fail(
      "permissions",
      `${what} is not granted`,
      `${offered ? "" : "first let the App ask for it, then "}accept it on ${page}`,
    ),
  );
}

const ORGANIZATION = z.looseObject({ default_repository_permission: z.string().nullish() });

/** No base permission, no answer for members without a grant of their own. */
async function checkBasePermission(context: Context, { org, installation }: Served, page: string): Promise<Finding> {
  const reply = await inquire(context, "base permission", "the organization", ORGANIZATION, () =>
    context.port.installationRequest(installation.id, "GET /orgs/{org}", { org }),
  );
  if (reply.trouble !== undefined) return reply.trouble;
  const base = reply.data.default_repository_permission;
  if (base) return ok("base permission", `members have ${base}`);
  const fix = `accept the permission organization_administration on ${page}`;
  return fail("base permission", "GitHub does not tell what every member may do", fix);
}

const BUDGET = z.looseObject({ limit: z.number(), remaining: z.number(), reset: z.number() });
const RATE_LIMIT = z.looseObject({ resources: z.looseObject({ core: BUDGET, graphql: BUDGET.optional() }) });

/** Below this share of the hourly budget, a synchronisation may have to wait. */
const LOW = 0.1;

async function checkRateLimit(context: Context, { installation }: Served): Promise<Finding[]> {
  const reply = await inquire(context, "rate limit", "the rate limit", RATE_LIMIT, () =>
    context.port.installationRequest(installation.id, "GET /rate_limit"),
  );
  if (reply.trouble !== undefined) {
    // GitHub Enterprise Server limits nothing unless told to, and then has nothing to report.
    return reply.reply?.status === 404 ? [ok("rate limit", "none on this GitHub")] : [reply.trouble];
  }
  const { core, graphql } = reply.data.resources;
  const budgets = [{ name: "REST", ...core }, ...(graphql === undefined ? [] : [{ name: "GraphQL", ...graphql }])];
  const low = budgets.find(({ limit, remaining }) => remaining < limit * LOW);
  if (low !== undefined) {
    const until = new Date(low.reset * 1000).toISOString();
    const message = `${low.remaining} of ${low.limit} ${low.name} requests left until ${until}`;
    return [warn("rate limit", message, "see whether another process uses this App")];
  }
  const left = budgets.map(({ name, remaining, limit }) => `${remaining} of ${limit} ${name}`).join(", ");
  return [ok("rate limit", `${left} left`)];
}
