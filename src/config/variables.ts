import { parseIndexClients } from "./index-clients.ts";
import {
  anyText,
  baseUrl,
  clientId,
  duration,
  givenSecret,
  hostAndPort,
  integer,
  listenAddress,
  logins,
  newSecret,
  oneOf,
  policyPlace,
  stateFolder,
} from "./parsers.ts";
import { parsePrivateKey } from "./private-key.ts";
import { PUBLISHING_VARIABLES } from "./publishing-variables.ts";
import { variable } from "./variable.ts";

export type { Variable } from "./variable.ts";

/** A new variable is a new row here and a line in `loadConfig`; the rest is generated. */
export const VARIABLES = {
  appId: variable({
    name: "APP_ID",
    meaning: "the GitHub App's id",
    example: "123456",
    parse: integer(1, Number.MAX_SAFE_INTEGER),
    required: "copy the App ID from the App's settings page",
  }),
  privateKeyPath: variable({
    name: "PRIVATE_KEY_PATH",
    meaning: "file with the App's private key (PEM)",
    example: "packgate.private-key.pem",
    parse: anyText,
    required: "name the .pem file that the App's settings page gave you, or set PRIVATE_KEY",
    unset: "none, required unless `PRIVATE_KEY` is set",
  }),
  privateKey: variable({
    name: "PRIVATE_KEY",
    meaning: "the App's private key itself: a PEM, with line breaks or `\\n`, or its base64",
    example: "",
    parse: parsePrivateKey,
    unset: "none, required unless `PRIVATE_KEY_PATH` is set",
  }),
  webhookSecret: variable({
    name: "WEBHOOK_SECRET",
    meaning: "the App's webhook secret, 16 characters or more",
    example: "",
    parse: newSecret(16),
    required: "make one with: openssl rand -hex 32, and enter it in the App's settings too",
  }),
  webhookSecretPrevious: variable({
    name: "WEBHOOK_SECRET_PREVIOUS",
    meaning: "the secret before this one, accepted too while the secret is being rotated",
    example: "",
    parse: newSecret(16),
  }),
  clientId: variable({
    name: "GITHUB_CLIENT_ID",
    meaning:
      "the App's client id; with the client secret, people can log in, and user tokens of this App are checked at no user's cost",
    example: "Iv23liAbCdEfGhIjKlMn",
    parse: clientId,
  }),
  clientSecret: variable({
    name: "GITHUB_CLIENT_SECRET",
    meaning: "the App's client secret; together with the client id or not at all",
    example: "",
    parse: givenSecret,
  }),
  gheHost: variable({
    name: "GHE_HOST",
    meaning: "host of a GitHub Enterprise Server",
    example: "github.example.com",
    parse: hostAndPort,
    unset: "GitHub.com",
  }),
  gheProtocol: variable({
    name: "GHE_PROTOCOL",
    meaning: "scheme of `GHE_HOST`; http is for loopback only",
    example: "https",
    parse: oneOf(["https", "http"]),
    default: "https",
  }),
  apiUrl: variable({
    name: "GITHUB_API_URL",
    meaning: "root of GitHub's REST API; wins over `GHE_HOST`, and is what GHE.com needs",
    example: "https://api.octocorp.ghe.com",
    parse: baseUrl,
    unset: "derived",
  }),
  host: variable({
    name: "HOST",
    meaning: "address to listen on",
    example: "0.0.0.0",
    parse: listenAddress,
    default: "127.0.0.1",
  }),
  port: variable({
    name: "PORT",
    meaning: "port to listen on; 0 takes any free one",
    example: "3000",
    parse: integer(0, 65_535),
    default: "3000",
  }),
  logLevel: variable({
    name: "LOG_LEVEL",
    meaning: "`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`",
    example: "info",
    parse: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
    default: "info",
  }),
  logFormat: variable({
    name: "LOG_FORMAT",
    meaning: "`pretty` or `json`",
    example: "json",
    parse: oneOf(["pretty", "json"]),
    unset: "`pretty` on a terminal, else `json`",
  }),
  organizations: variable({
    name: "PACKGATE_ORGS",
    meaning: "logins of the organizations served, comma separated; required when the App has several installations",
    example: "acme",
    parse: logins,
    unset: "the only installation",
  }),
  indexClients: variable({
    name: "PACKGATE_INDEX_CLIENTS",
    meaning: "who may ask for decisions: `name:secret` or `name@org:secret`, comma separated; 24 characters or more",
    example: "",
    parse: parseIndexClients,
    unset: "nobody may ask",
  }),
  tokenTtlMs: variable({
    name: "PACKGATE_TOKEN_TTL",
    meaning:
      "how long a verified token is believed: seconds, or as `15m`; a revoked token works no longer while GitHub can be asked",
    example: "60",
    parse: duration(1, 3600),
    default: "60",
  }),
  maxStalenessMs: variable({
    name: "PACKGATE_MAX_STALENESS",
    meaning: "a fact that was not confirmed for so long is believed no more: the decision is `unknown`",
    example: "1h",
    parse: duration(60, 86_400),
    default: "3600",
  }),
  pollIntervalMs: variable({
    name: "PACKGATE_POLL_INTERVAL",
    meaning: "how often GitHub is asked about what it sends no webhook for, such as new owners",
    example: "60",
    parse: duration(10, 3600),
    default: "60",
  }),
  resyncIntervalMs: variable({
    name: "PACKGATE_RESYNC_INTERVAL",
    meaning:
      "in this time every fact is confirmed once, whatever webhooks say; at most half of `PACKGATE_MAX_STALENESS`",
    example: "15m",
    parse: duration(60, 43_200),
    default: "900",
  }),
  stateFolder: variable({
    name: "PACKGATE_STATE",
    meaning: "`file:FOLDER` keeps a snapshot there, so that a restart serves at once; `memory:` keeps nothing",
    example: "file:/var/lib/packgate",
    parse: stateFolder,
    default: "file:.packgate",
  }),
  policy: variable({
    name: "PACKGATE_POLICY",
    meaning:
      "where the policy is kept: `REPOSITORY:PATH` in each organization, or `file:PATH` on this machine, read at every poll",
    example: ".github:packgate.toml",
    parse: policyPlace,
    default: ".github:packgate.toml",
  }),
  publicUrl: variable({
    name: "PACKGATE_PUBLIC_URL",
    meaning: "how the world reaches Packgate; used in metadata and links, and names it in the tokens it makes",
    example: "https://packgate.example.com",
    parse: baseUrl,
  }),
  ...PUBLISHING_VARIABLES,
};
