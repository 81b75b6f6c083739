import type { KeyObject } from "node:crypto";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { SignJWT } from "jose";

/** What stands in for GitHub Actions' issuer: real keys, served over real HTTP. */
export interface ActionsIssuer {
  readonly url: string;
  /** Signs claims as GitHub would; `more` replaces claims, and removes those that are `undefined`. */
  readonly sign: (
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ) => Promise<string>;
  /** From now on signs with a new key. @param overlap whether the old one is served beside it */
  readonly rotate: (overlap?: boolean) => void;
  /** The public key that is served, for those who try to sign with it. */
  readonly publicKey: () => KeyObject;
  /** Replaces what a path answers; `undefined` brings the right answer back. */
  readonly answer: (path: "configuration" | "keys", reply: Answer | undefined) => void;
  /** How often each was asked for. */
  readonly asked: { configuration: number; keys: number };
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const CONFIGURATION = "/.well-known/openid-configuration";
const KEYS = "/.well-known/jwks";

export async function startIssuer(): Promise<ActionsIssuer> {
  let number = 0;
  let keys = newKeys();
  let older: (typeof keys)[] = [];
  const answers: { configuration?: Answer | undefined; keys?: Answer | undefined } = {};
  const asked = { configuration: 0, keys: 0 };

  function newKeys() {
    number += 1;
    return { id: `key-${number}`, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
  }

  const server = createServer((request, response) => {
    const what = request.url === CONFIGURATION ? "configuration" : "keys";
    asked[what] += 1;
    const right = {
      configuration: { issuer: url, jwks_uri: `${url}${KEYS}`, id_token_signing_alg_values_supported: ["RS256"] },
      keys: {
        keys: [keys, ...older].map(({ publicKey, id }) => {
          return { ...publicKey.export({ format: "jwk" }), kid: id, use: "sig", alg: "RS256" };
        }),
      },
    };
    const { status = 200, headers = {}, body = JSON.stringify(right[what]) } = answers[what] ?? {};
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

  return {
    url,
    sign: (claims, header = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: keys.id, ...header })
        .sign(keys.privateKey),
    rotate: (overlap = false) => {
      older = overlap ? [keys, ...older] : [];
      keys = newKeys();
    },
    publicKey: () => keys.publicKey,
    answer: (path, reply) => {
      answers[path] = reply;
    },
    asked,
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export interface RunOptions {
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly repository: number;
  readonly owner: number;
}

let runs = 0;

/** The claims of a run on `main` of acme/core, as GitHub's documentation shows them; times are in seconds. */
export function runClaims({ issuer, now, repository, owner }: RunOptions): Record<string, unknown> {
  runs += 1;
  const at = Math.floor(now / 1000);
  return {
    jti: `00000000-0000-4000-8000-${String(runs).padStart(12, "0")}`,
    sub: "repo:acme/core:ref:refs/heads/main",
    aud: "packgate",
    iss: issuer,
    iat: at,
    nbf: at - 600,
    exp: at + 300,
    ref: "refs/heads/main",
    ref_type: "branch",
    ref_protected: "false",
    sha: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    repository: "acme/core",
    repository_id: String(repository),
    repository_owner: "acme",
    repository_owner_id: String(owner),
    repository_visibility: "private",
    run_id: "4711",
    run_number: "12",
    run_attempt: "1",
    runner_environment: "github-hosted",
    actor: "alice",
    actor_id: "583231",
    workflow: "release",
    workflow_ref: "acme/core/.github/workflows/release.yml@refs/heads/main",
    workflow_sha: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    job_workflow_ref: "acme/core/.github/workflows/release.yml@refs/heads/main",
    job_workflow_sha: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    head_ref: "",
    base_ref: "",
    event_name: "push",
  };
}
