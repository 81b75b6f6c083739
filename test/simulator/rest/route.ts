import type { App } from "../app.ts";
import type { DeviceBook } from "../devices.ts";
import type { RequestFaults } from "../faults/requests.ts";
import type { Installation, Organization, User, World } from "../model.ts";
import type { RateLimits } from "../rate-limits.ts";
import type { InstallationToken, TokenBook, UserToken } from "../tokens.ts";
import type { Hook } from "../webhooks/hook.ts";

/** What a REST route is, what it is given, and what it answers. */

export type ApiRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: string;
  /** Where the client reached us, for links to other pages. */
  base: string;
};
export type Reply = { status: number; body?: unknown; text?: string; headers?: Record<string, string> };

export type Caller =
  | { kind: "anonymous" }
  | { kind: "client" }
  | { kind: "app" }
  | { kind: "installation"; organization: Organization; installation: Installation; token: InstallationToken }
  | { kind: "user"; user: User; token: UserToken };

export type Services = {
  app: App;
  tokens: TokenBook;
  devices: DeviceBook;
  rateLimits: RateLimits;
  hook: Hook;
  faults: RequestFaults;
};

export type Call = ApiRequest &
  Services & { params: Record<string, string>; caller: Caller; world: World; now: number };

export type Route = {
  method: "GET" | "POST" | "DELETE";
  /** As GitHub documents it; the same route by numeric ids is understood. */
  path: string;
  /** Who may call it at all. */
  audience: "anyone" | "app" | "client" | "user" | "token";
  /** In GitHub's description of its enterprise cloud, not in the one of github.com. */
  enterprise?: boolean;
  /** A page of the web site: in no description, and within no limit of the API. */
  web?: boolean;
  answer: (call: Call) => Reply;
};

/** Ends a call with GitHub's error shape. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = (): ApiError => new ApiError(404, "Not Found");
export const inaccessible = (): ApiError => new ApiError(403, "Resource not accessible by integration");

export function errorReply(error: ApiError): Reply {
  const documentation_url = "https://docs.github.com/rest";
  return { status: error.status, body: { message: error.message, documentation_url, status: String(error.status) } };
}

/** The request's body: an object, empty where nothing was sent. */
export function jsonBody(call: ApiRequest): Record<string, unknown> {
  if (call.body === "") return {};
  try {
    const value: unknown = JSON.parse(call.body);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // falls through to the complaint
  }
  throw new ApiError(400, "Problems parsing JSON");
}

export function integer(call: Call, name: string): number {
  const value = Number(call.params[name]);
  if (!Number.isSafeInteger(value)) throw notFound();
  return value;
}
