import type { EmitterWebhookEventName } from "@octokit/webhooks";
import { parse } from "yaml";
import { z } from "zod";

/** What Packgate reads, in the words of GitHub's App permissions. `app.yml` justifies each. */
export const REQUIRED_PERMISSIONS = {
  metadata: "read",
  contents: "read",
  administration: "read",
  members: "read",
  organization_administration: "read",
  organization_custom_org_roles: "read",
  organization_custom_roles: "read",
} as const;

export type AppPermission = keyof typeof REQUIRED_PERMISSIONS;

/**
 * The events Packgate subscribes to, each with the permission that carries it: GitHub delivers an event only
 * to an App that holds its permission, and refuses a manifest that asks for one without the other.
 */
export const EVENT_PERMISSIONS = {
  organization: "members",
  membership: "members",
  team: "members",
  team_add: "members",
  member: "members",
  org_block: "organization_administration",
  repository: "metadata",
  public: "metadata",
  push: "contents",
} as const satisfies Partial<Record<EmitterWebhookEventName, AppPermission>>;

export type AppEvent = keyof typeof EVENT_PERMISSIONS;

/** Where GitHub's deliveries arrive, below the public URL. */
export const WEBHOOK_PATH = "/api/github/webhooks";

/** The file, seen from here or from the same place in the build. */
export const APP_MANIFEST_FILE: URL = new URL("../../app.yml", import.meta.url);

// Loose: whoever adds to app.yml what GitHub knows and we do not, gets it into the App.
const APP_MANIFEST = z.looseObject({
  name: z.string().min(1),
  url: z.url(),
  hook_attributes: z.looseObject({ url: z.url() }),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])),
  default_events: z.array(z.string()),
});

export type AppManifest = z.infer<typeof APP_MANIFEST>;

/**
 * Reads the text of an `app.yml`.
 *
 * @throws {Error} with one sentence when it is no manifest
 */
export function parseAppManifest(text: string): AppManifest {
  const result = APP_MANIFEST.safeParse(yamlIn(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`app.yml is not an App manifest: ${issue?.path.join(".") || "top level"}: ${issue?.message ?? ""}`);
}

function yamlIn(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    // The parser's further lines quote the source, which the first one locates.
    const [problem] = error instanceof Error ? error.message.split("\n") : [];
    throw new Error(`app.yml is not YAML: ${problem?.replace(/:$/, "") ?? "unreadable"}`, { cause: error });
  }
}

/** What a registration or an installation lacks. Broader than asked is not a lack. */
export interface Shortfall {
  readonly permissions: readonly AppPermission[];
  readonly events: readonly AppEvent[];
}

/** The part of an installation or a registration, as GitHub reports it, that says what the App may see. */
export interface Granted {
  readonly permissions: Readonly<Record<string, string | undefined>>;
  readonly events: readonly string[];
}

export function shortfall(granted: Granted): Shortfall {
  // Every level of a permission includes reading, which is all that is ever required.
  const permissions = permissionNames().filter((name) => granted.permissions[name] === undefined);
  const events = eventNames().filter((name) => !granted.events.includes(name));
  return { permissions, events };
}

function permissionNames(): AppPermission[] {
  return namesOf(REQUIRED_PERMISSIONS);
}

function eventNames(): AppEvent[] {
  return namesOf(EVENT_PERMISSIONS);
}

function namesOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table).filter((name): name is K => name in table);
}
