import type { UserTokenOptions } from "../simulator/tokens.ts";
import type { AcmeRuns } from "./acme-runs.ts";

/** What GitHub's device flow would give one of acme's people. */
export function deviceToken({ github }: AcmeRuns, user: { readonly id: number }, more?: UserTokenOptions): string {
  return github.tokenFor(user.id, "app-user", more);
}

/** Exchanges it, as `packgate login` does. */
export async function exchange(
  { packgate }: Pick<AcmeRuns, "packgate">,
  token: string,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const body = JSON.stringify({ token });
  const response = await fetch(`${packgate.url}/_/login/mint-token`, { method: "POST", body });
  return { status: response.status, body: Object(await response.json()) };
}

/** One of our tokens for somebody; throws when there is none. */
export async function loggedIn(runs: AcmeRuns, user: { readonly id: number }): Promise<string> {
  const { body } = await exchange(runs, deviceToken(runs, user));
  if (typeof body["token"] !== "string") throw new Error(JSON.stringify(body));
  return body["token"];
}
