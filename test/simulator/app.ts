import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import type { AppPermissions } from "./model.ts";

/** The one GitHub App of a simulation. */
export type App = {
  id: number;
  slug: string;
  name: string;
  clientId: string;
  clientSecret: string;
  privateKey: string;
  webhookSecret: string;
  hookId: number;
  /** What the App asks for now; an installation keeps what it accepted until new permissions are accepted. */
  permissions: AppPermissions;
  events: string[];
};

const subscriptions =
  "branch_protection_rule create delete fork member membership meta org_block organization " +
  "personal_access_token_request public push repository repository_ruleset team team_add";

// one key for the process: making one takes longer than most tests
let keyPair: { privateKey: string; publicKey: string } | undefined;

export function createApp(webhookSecret: string): App {
  keyPair ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return {
    id: 4242,
    slug: "packgate",
    name: "Packgate",
    clientId: "Iv23simulatedclient1",
    clientSecret: "c0ffee".repeat(6) + "beef",
    privateKey: keyPair.privateKey,
    webhookSecret,
    hookId: 424_200_001,
    permissions: {
      metadata: "read",
      contents: "read",
      administration: "read",
      members: "read",
      organization_administration: "read",
      organization_custom_org_roles: "read",
      organization_custom_roles: "read",
      organization_personal_access_token_requests: "read",
    },
    events: subscriptions.split(" "),
  };
}

/** GitHub's complaint about an App's JWT, or undefined when it is good. The wording is what auth-app looks for. */
export function jwtProblem(app: App, jwt: string, now: number): string | undefined {
  const undecodable = "A JSON web token could not be decoded";
  const [head, body, signature, ...rest] = jwt.split(".");
  if (!head || !body || !signature || rest.length > 0) return undecodable;
  const header = decode(head);
  const claims = decode(body);
  if (header === undefined || claims === undefined || header["alg"] !== "RS256") return undecodable;
  const key = createPublicKey(app.privateKey);
  if (!verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))) return undecodable;

  const issuer = String(claims["iss"]);
  if (issuer !== String(app.id) && issuer !== app.clientId) return "Integration not found";
  const seconds = Math.floor(now / 1000);
  const { iat, exp } = claims;
  if (typeof iat !== "number" || iat > seconds)
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  if (typeof exp !== "number" || exp <= seconds)
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  if (exp > seconds + 600) return "'Expiration time' claim ('exp') is too far in the future";
  return undefined;
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
