import { checkApp } from "./doctor/app.ts";
import type { Context } from "./doctor/context.ts";
import { checkDeliveries } from "./doctor/deliveries.ts";
import type { Finding } from "./doctor/finding.ts";
import { checkInstallation } from "./doctor/installation.ts";
import { checkInstallations } from "./doctor/installations.ts";
import { checkWebhook } from "./doctor/webhook.ts";

/**
 * Examines the App on GitHub's side: its credentials, its registration, its webhook, and each organization served.
 * Changes nothing. What needs an answer that did not come is left out, because its cause has been told.
 */
export async function examineGitHub(context: Context): Promise<Finding[]> {
  const { app, findings } = await checkApp(context);
  if (app === undefined) return findings;

  const webhook = await checkWebhook(context, app);
  const deliveries = await checkDeliveries(context, app);
  const installations = await checkInstallations(context, app);
  const all = [...findings, ...webhook, ...deliveries, ...installations.findings];
  for (const served of installations.served) all.push(...(await checkInstallation(context, app, served)));
  return all;
}
