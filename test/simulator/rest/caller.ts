import { jwtProblem, type App } from "../app.ts";
import type { World } from "../model.ts";
import type { TokenBook } from "../tokens.ts";
import { ApiError, type Caller } from "./route.ts";

/** Who is calling, from the Authorization header. */
export function callerOf(header: string | null, app: App, tokens: TokenBook, world: World, now: number): Caller {
  if (header === null) return { kind: "anonymous" };
  const [, scheme = "", credentials = ""] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  if (scheme.toLowerCase() === "basic") return basic(credentials, app, tokens, world);
  if (!/^(bearer|token)$/i.test(scheme)) throw new ApiError(401, "Bad credentials");
  if (credentials.split(".").length === 3 && !credentials.startsWith("gh")) {
    const problem = jwtProblem(app, credentials, now);
    if (problem !== undefined) throw new ApiError(401, problem);
    return { kind: "app" };
  }
  return byToken(credentials, tokens, world);
}

function basic(credentials: string, app: App, tokens: TokenBook, world: World): Caller {
  const decoded = Buffer.from(credentials, "base64").toString();
  const colon = decoded.indexOf(":");
  const [name, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  if (name === app.clientId && password === app.clientSecret) return { kind: "client" };
  return byToken(password, tokens, world);
}

function byToken(value: string, tokens: TokenBook, world: World): Caller {
  const token = tokens.find(value);
  if (token === undefined) throw new ApiError(401, "Bad credentials");
  if (token.kind !== "installation") {
    const user = world.users.get(token.userId);
    if (user === undefined) throw new ApiError(401, "Bad credentials");
    if (user.suspended) throw new ApiError(403, "Sorry. Your account was suspended");
    return { kind: "user", user, token };
  }
  const organization = world.organizations.get(token.organizationId);
  const installation = organization?.installation;
  if (!organization || !installation || installation.id !== token.installationId)
    throw new ApiError(401, "Bad credentials");
  if (installation.suspendedAt !== null) throw new ApiError(403, "This installation has been suspended");
  return { kind: "installation", organization, installation, token };
}
