import type { View } from "../../domain/decide.ts";
import { UNIDENTIFIED } from "../decision/authorize.ts";
import type { Exchange } from "../exchange.ts";
import { headersFor, send } from "../exchange.ts";
import { groupsHeader } from "./groups.ts";
import type { Verdict } from "./verdict.ts";

/** 200, 401 or 403: what else a sub-request may answer, proxies turn into errors. */
export function statusOf({ decision, reason }: Verdict): number {
  if (decision === "allow") return 200;
  return UNIDENTIFIED.has(reason) ? 401 : 403;
}

/** @param view the state that the verdict rests on; `undefined` where it rests on none */
export function sendVerdict(exchange: Exchange, verdict: Verdict, view: View | undefined): void {
  const { decision, reason, message, user, name, permission } = verdict;
  const status = statusOf(verdict);
  const headers = ["x-packgate-reason", reason, ...headersFor(status)];
  if (name !== undefined) headers.push("x-packgate-package", name);
  if (permission !== undefined) headers.push("x-packgate-action", permission);
  if (decision === "allow" && user !== undefined && view !== undefined) {
    headers.push("x-auth-request-user", user.login, "x-auth-request-groups", groupsHeader(view, user.id));
    headers.push("x-authentication-service", authenticationService(user.login));
  }
  send(exchange, status, JSON.stringify({ decision, reason, message }), headers);
}

/** As Pulp's AUTHENTICATION_JSON_HEADER wants it: base64 of JSON. */
function authenticationService(username: string): string {
  return Buffer.from(JSON.stringify({ identity: { user: { username } } })).toString("base64");
}
