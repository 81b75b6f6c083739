import type { Call, Reply, Route } from "./route.ts";

/** GitHub's web pages for the device flow: no part of its API, so it describes none of this in OpenAPI. */
export const deviceRoutes: Route[] = [
  { method: "POST", path: "/login/device/code", audience: "anyone", web: true, answer: begin },
  { method: "POST", path: "/login/oauth/access_token", audience: "anyone", web: true, answer: poll },
];

const documentation = "https://docs.github.com/developers/apps/authorizing-oauth-apps#device-flow";

function begin(call: Call): Reply {
  const sent = parametersOf(call);
  if (sent.get("client_id") !== call.app.clientId) return said(call, 404, { error: "Not Found" });
  if (!call.devices.settings.enabled) return failed(call, "device_flow_disabled");
  const { deviceCode, device } = call.devices.begin();
  return said(call, 200, {
    device_code: deviceCode,
    user_code: device.userCode,
    verification_uri: `${call.base}/login/device`,
    expires_in: call.devices.settings.lifetime,
    interval: device.interval,
  });
}

function poll(call: Call): Reply {
  const sent = parametersOf(call);
  if (sent.get("client_id") !== call.app.clientId) return failed(call, "incorrect_client_credentials");
  if (sent.get("grant_type") !== "urn:ietf:params:oauth:grant-type:device_code")
    return failed(call, "unsupported_grant_type");
  const polled = call.devices.poll(sent.get("device_code") ?? "");
  if ("error" in polled)
    return failed(call, polled.error, polled.interval === undefined ? {} : { interval: polled.interval });
  return said(call, 200, {
    access_token: polled.token,
    expires_in: 28_800,
    refresh_token: polled.refreshToken,
    refresh_token_expires_in: 15_811_200,
    token_type: "bearer",
    scope: "",
  });
}

/** Errors come with 200 here. */
function failed(call: Call, error: string, more: Record<string, number> = {}): Reply {
  return said(call, 200, { error, error_description: `It is ${error}.`, error_uri: documentation, ...more });
}

/** In JSON for those who ask for it, and else as a form. */
function said(call: Call, status: number, body: Record<string, string | number>): Reply {
  if (call.headers.get("accept")?.includes("json") === true) return { status, body };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) form.set(name, String(value));
  return { status, text: form.toString(), headers: { "content-type": "application/x-www-form-urlencoded" } };
}

function parametersOf(call: Call): URLSearchParams {
  return call.body === "" ? call.query : new URLSearchParams(call.body);
}
