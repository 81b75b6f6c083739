import { z } from "zod";

import { type Shortfall, shortfall } from "../app-manifest.ts";
import type { OctokitReply } from "../client.ts";
import type { Context } from "./context.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";
import { inquire, messageOf } from "./inquire.ts";

const APP = z.looseObject({
  id: z.number(),
  name: z.string(),
  slug: z.string(),
  html_url: z.string(),
  owner: z.looseObject({ login: z.string(), type: z.string().optional() }),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
});

/** The App as it is registered. */
export interface RegisteredApp {
  /** Where it can be installed. */
  readonly installUrl: string;
  /** Where its owner changes it. */
  readonly settingsUrl: string;
  readonly lacks: Shortfall;
}

/** Do APP_ID and the key name an App, and does it ask for what we need? */
export async function checkApp(context: Context): Promise<{ app: RegisteredApp | undefined; findings: Finding[] }> {
  const { port, appId, webUrl, now } = context;
  const reply = await inquire(context, "app", "the App", APP, () => port.appRequest("GET /app"));
  if (reply.trouble !== undefined) {
    return { app: undefined, findings: [credentialTrouble(appId, reply.reply, now()) ?? reply.trouble] };
  }
  const { name, slug, html_url, owner, ...granted } = reply.data;
  const account = owner.type === "User" ? "" : `/organizations/${owner.login}`;
  const app = {
    installUrl: `${html_url}/installations/new`,
    settingsUrl: `${webUrl}${account}/settings/apps/${slug}`,
    lacks: shortfall(granted),
  };
  const findings = [
    ok("app", `${name} (App ${appId}) of ${owner.login}`),
    ...checkClock(reply.headers, now()),
    ...checkRegistration(app, granted.permissions),
  ];
  return { app, findings };
}

/** What the reply says about the two settings that make up the credentials. */
function credentialTrouble(appId: number, reply: OctokitReply | undefined, now: number): Finding | undefined {
  if (reply?.status === 401 && /claim/.test(messageOf(reply.data))) {
    const skew = skewOf(reply.headers, now);
    const off = skew === undefined ? "" : ` by ${Math.abs(skew)} s`;
    return fail("app", `GitHub rejects the time in our credentials: this clock is off${off}`, "set the clock (NTP)");
  }
  if (reply?.status === 401) {
    const fix = "use a private key of that App, or correct APP_ID";
    return fail("app", `GitHub does not accept the private key for App ${appId} (401)`, fix);
  }
  if (reply?.status === 404) {
    const fix = "correct APP_ID, or GHE_HOST if the App is registered on another GitHub";
    return fail("app", `GitHub knows no App ${appId} (404)`, fix);
  }
  return undefined;
}

// GitHub takes credentials of up to 60 seconds ahead; beyond half of that they will fail some day.
const MOST_SKEW_S = 30;

function checkClock(headers: OctokitReply["headers"], now: number): Finding[] {
  const skew = skewOf(headers, now);
  if (skew === undefined) return [];
  if (Math.abs(skew) <= MOST_SKEW_S) return [ok("clock", "agrees with GitHub's")];
  const direction = skew > 0 ? "ahead of" : "behind";
  return [warn("clock", `${Math.abs(skew)} s ${direction} GitHub's`, "set the clock (NTP)")];
}

/** Seconds by which this clock is ahead. */
function skewOf(headers: OctokitReply["headers"], now: number): number | undefined {
  const date = Date.parse(String(headers["date"]));
  return Number.isNaN(date) ? undefined : Math.round((now - date) / 1000);
}

function checkRegistration({ lacks, settingsUrl }: RegisteredApp, permissions: Record<string, string>): Finding[] {
  const missing = [
    ...lacks.permissions.map((name) => `permission ${name}`),
    ...lacks.events.map((name) => `event ${name}`),
  ];
  const found = missing.map((name) =>
    fail("registration", `the App does not ask for ${name}`, `add it on ${settingsUrl}/permissions, then accept it`),
  );
  const broad = Object.entries(permissions).filter(([, level]) => level !== "read");
  if (broad.length > 0) {
    const names = broad.map(([name, level]) => `${name} (${level})`).join(", ");
    found.push(
      warn("registration", `the App asks for more than it uses: ${names}`, `lower it on ${settingsUrl}/permissions`),
    );
  }
  return found.length > 0 ? found : [ok("registration", "asks for every permission and event, read-only")];
}
