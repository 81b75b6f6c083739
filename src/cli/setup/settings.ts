import type { Io } from "../io.ts";
import type { Conversion } from "./convert.ts";
import { settingsIn } from "./env-file.ts";

/** What a dotenv file gets; `undefined` takes a setting out. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** The settings that make up one App. Some of one and some of another would be neither. */
const APP_SETTINGS = [
  "APP_ID",
  "PRIVATE_KEY",
  "PRIVATE_KEY_PATH",
  "WEBHOOK_SECRET",
  "GITHUB_CLIENT_ID",
  "GITHUB_CLIENT_SECRET",
] as const;

/** The App settings that a file has already. */
export function appSettingsIn(text: string): string[] {
  const present = settingsIn(text);
  return APP_SETTINGS.filter((name) => present.has(name));
}

/** GitHub's answer as settings. */
export function appSettings({ id, pem, webhook_secret, client_id, client_secret }: Conversion): Settings {
  return {
    APP_ID: String(id),
    // One word without quotes, which every reader of such files takes alike: Node, Docker, systemd, a shell.
    PRIVATE_KEY: Buffer.from(pem).toString("base64"),
    PRIVATE_KEY_PATH: undefined,
    // Without one from GitHub an earlier App's secret must not stay.
    WEBHOOK_SECRET: webhook_secret ?? undefined,
    GITHUB_CLIENT_ID: client_id,
    GITHUB_CLIENT_SECRET: client_secret,
  };
}

/** What else a first start needs and we know; only what the file does not say yet. */
export function furtherSettings(text: string, io: Io, org: string, publicUrl: string): Settings {
  const present = settingsIn(text);
  const secret = io.random(32).toString("hex");
  const known = {
    PACKGATE_ORGS: org,
    PACKGATE_PUBLIC_URL: publicUrl,
    ...inherited(io),
    // The same secret lets `packgate check` and the others ask as that client.
    ...(present.has("PACKGATE_INDEX_CLIENTS")
      ? {}
      : { PACKGATE_INDEX_CLIENTS: `index:${secret}`, PACKGATE_KEY: secret }),
  };
  return Object.fromEntries(Object.entries(known).filter(([name]) => !present.has(name)));
}

/** Which GitHub it is, when only this shell's environment says so. */
function inherited({ env }: Io): Settings {
  const names = ["GHE_HOST", "GHE_PROTOCOL", "GITHUB_API_URL"];
  return Object.fromEntries(names.flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])));
}
