import { z } from "zod";

import type { RegisteredApp } from "./app.ts";
import type { Context } from "./context.ts";
import { fail, type Finding } from "./finding.ts";
import { inquire } from "./inquire.ts";

const INSTALLATION = z.looseObject({
  id: z.number(),
  account: z.looseObject({ login: z.string(), type: z.string().optional() }).nullable(),
  repository_selection: z.string(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
  suspended_at: z.string().nullish(),
});

export type Installation = z.infer<typeof INSTALLATION>;

/** One that is to be served. */
export interface Served {
  readonly org: string;
  readonly installation: Installation;
}

const PER_PAGE = 100;

/** Where is the App installed, and is that what PACKGATE_ORGS says? */
export async function checkInstallations(
  context: Context,
  app: RegisteredApp,
): Promise<{ served: readonly Served[]; findings: readonly Finding[] }> {
  const found: Served[] = [];
  for (let page = 1, last = PER_PAGE; last === PER_PAGE; page += 1) {
    const reply = await inquire(context, "installation", "the installations", z.array(INSTALLATION), () =>
      context.port.appRequest("GET /app/installations", { per_page: PER_PAGE, page }),
    );
    if (reply.trouble !== undefined) return { served: [], findings: [reply.trouble] };
    last = reply.data.length;
    for (const installation of reply.data) {
      if (installation.account?.type !== "User") found.push({ org: installation.account?.login ?? "?", installation });
    }
  }
  return choose(context.organizations, found, app.installUrl);
}

function choose(wanted: readonly string[], found: readonly Served[], installUrl: string) {
  if (found.length === 0) {
    const problem = fail("installation", "the App is not installed on any organization", `install it: ${installUrl}`);
    return { served: [], findings: [problem] };
  }
  if (wanted.length === 0 && found.length > 1) {
    const names = found.map(({ org }) => org).join(", ");
    const problem = fail("installation", `the App is installed on ${names}`, "name those to serve in PACKGATE_ORGS");
    return { served: [], findings: [problem] };
  }
  const served = found.filter(({ org }) => wanted.length === 0 || wanted.includes(org.toLowerCase()));
  const present = new Set(served.map(({ org }) => org.toLowerCase()));
  const absent = wanted.filter((login) => !present.has(login));
  const findings = absent.map((org) => ({
    ...fail("installation", "the App is not installed here", `install it: ${installUrl}, or correct PACKGATE_ORGS`),
    org,
  }));
  return { served, findings };
}

/** The page on which the organization's owners accept permissions and choose repositories. */
export function installationPage(webUrl: string, { org, installation }: Served): string {
  return `${webUrl}/organizations/${org}/settings/installations/${installation.id}`;
}
