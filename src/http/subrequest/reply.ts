import type { View } from "../../domain/decide.ts";
import { UNIDENTIFIED } from "../decision/authorize.ts";
import type { Exchange } from "../exchange.ts";
import { headersFor, send } from "../exchange.ts";
import { identityHeaders } from "./identity-headers.ts";
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
    headers.push(...identityHeaders(view, user));
  }
  send(exchange, status, JSON.stringify({ decision, reason, message }), headers);
}
