import type { OctokitReply } from "../../src/github/client.ts";
import { EVENT_PERMISSIONS, REQUIRED_PERMISSIONS } from "../../src/github/app-manifest.ts";
import type { GitHubPort } from "../../src/github/doctor/port.ts";
import { CANARY, NOW } from "./terminal.ts";

/** A reply, an error to reject with, or replies by page. */
export type Scripted = Partial<OctokitReply> | Error | ((parameters: Record<string, unknown>) => Partial<OctokitReply>);

const PERMISSIONS = { ...REQUIRED_PERMISSIONS };
const EVENTS = Object.keys(EVENT_PERMISSIONS);

export const APP = {
  id: 4242,
  slug: "packgate",
  name: "Packgate",
  html_url: "https://github.com/apps/packgate",
  owner: { login: "acme", type: "Organization" },
  permissions: PERMISSIONS,
  events: EVENTS,
};

export const INSTALLATION = {
  id: 7,
  account: { login: "acme", type: "Organization" },
  repository_selection: "all",
  permissions: PERMISSIONS,
  events: EVENTS,
  suspended_at: null,
};

export const HOOK = {
  url: "https://packgate.acme.example/api/github/webhooks",
  content_type: "json",
  secret: "********",
  insecure_ssl: "0",
};

export const DELIVERY = {
  id: 1,
  guid: "g1",
  delivered_at: "2026-11-21T19:59:00Z",
  redelivery: false,
  duration: 0.1,
  status: "OK",
  status_code: 202,
  event: "push",
  action: null,
  installation_id: 7,
  repository_id: 8,
};

const CORE = { limit: 5000, remaining: 4990, reset: NOW / 1000 + 600, used: 10 };

const HEADERS = { date: new Date(NOW).toUTCString() };

/** A GitHub on which all is well, but for what a test says. */
export function gitHub(changes: Readonly<Record<string, Scripted>> = {}): GitHubPort {
  const replies: Record<string, Scripted> = {
    "GET /app": { data: APP },
    "GET /app/hook/config": { data: HOOK },
    "GET /app/hook/deliveries": { data: [DELIVERY] },
    "GET /app/installations": { data: [INSTALLATION] },
    "GET /orgs/{org}": { data: { login: "acme", default_repository_permission: "read" } },
    "GET /rate_limit": { data: { resources: { core: CORE, graphql: CORE, search: {} }, rate: CORE } },
    ...changes,
  };
  const send = (route: string, parameters: Record<string, unknown> = {}): Promise<OctokitReply> => {
    const scripted = replies[route];
    if (scripted === undefined) return Promise.reject(new Error(`no reply for ${route}`));
    if (scripted instanceof Error) return Promise.reject(scripted);
    const reply = typeof scripted === "function" ? scripted(parameters) : scripted;
    return Promise.resolve({ status: 200, headers: HEADERS, data: undefined, ...reply });
  };
  return {
    appRequest: send,
    installationRequest: (installation, ...request) =>
      installation === INSTALLATION.id || installation > 100 ? send(...request) : Promise.reject(new Error(CANARY)),
  };
}
