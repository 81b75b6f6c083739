import { z } from "zod";

import { WEBHOOK_PATH } from "../app-manifest.ts";
import type { RegisteredApp } from "./app.ts";
import type { Context } from "./context.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";
import { inquire } from "./inquire.ts";

const HOOK = z.looseObject({
  url: z.string().nullish(),
  content_type: z.string().nullish(),
  /** Masked, and absent when there is none. */
  secret: z.string().nullish(),
  insecure_ssl: z.union([z.string(), z.number()]).nullish(),
});

/** Does GitHub send its webhooks to us, and in a way that we take? */
export async function checkWebhook(context: Context, app: RegisteredApp): Promise<Finding[]> {
  const reply = await inquire(context, "webhook", "the webhook", HOOK, () =>
    context.port.appRequest("GET /app/hook/config"),
  );
  const there = `on ${app.settingsUrl}`;
  if (reply.trouble !== undefined) {
    if (reply.reply?.status !== 404) return [reply.trouble];
    return [fail("webhook", "the App has no webhook, so no change arrives", `activate it ${there}`)];
  }
  const { url, content_type, secret, insecure_ssl } = reply.data;
  if (!url) return [fail("webhook", "the App has no webhook URL, so no change arrives", `enter it ${there}`)];

  const found: Finding[] = [];
  const wrong = urlFault(url, context.publicUrl);
  if (wrong !== undefined) found.push(fail("webhook", wrong.problem, `set the webhook URL to ${wrong.right} ${there}`));
  if (content_type !== "json") {
    found.push(fail("webhook", `payloads come as ${content_type ?? "form"}`, `choose application/json ${there}`));
  }
  if (!secret) found.push(fail("webhook", "the webhook has no secret", `enter WEBHOOK_SECRET ${there}`));
  if (String(insecure_ssl ?? "0") !== "0") {
    found.push(fail("webhook", "GitHub does not verify our certificate", `enable SSL verification ${there}`));
  } else if (!url.startsWith("https:")) {
    found.push(warn("webhook", "payloads travel unencrypted", `use an https URL ${there}`));
  }
  return found.length > 0 ? found : [ok("webhook", `goes to ${url}, signed`)];
}

function urlFault(url: string, publicUrl: string | undefined): { problem: string; right: string } | undefined {
  if (publicUrl !== undefined) {
    const right = `${publicUrl}${WEBHOOK_PATH}`;
    return url === right ? undefined : { problem: `goes to ${url}, not to PACKGATE_PUBLIC_URL`, right };
  }
  const path = URL.canParse(url) ? new URL(url).pathname : "";
  if (path.endsWith(WEBHOOK_PATH)) return undefined;
  return { problem: `goes to ${url}, where Packgate takes no webhooks`, right: `YOUR-HOST${WEBHOOK_PATH}` };
}
