import { z } from "zod";

import type { RegisteredApp } from "./app.ts";
import type { Context } from "./context.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";
import { inquire } from "./inquire.ts";

const DELIVERIES = z.array(
  z.looseObject({
    guid: z.string(),
    delivered_at: z.iso.datetime({ offset: true }),
    status: z.string(),
    status_code: z.number(),
    event: z.string(),
  }),
);
type Delivery = z.infer<typeof DELIVERIES>[number];

const LOOKED_AT = 100;

/** Do webhooks arrive? GitHub keeps a list of its attempts, newest first. */
export async function checkDeliveries(context: Context, app: RegisteredApp): Promise<Finding[]> {
  const reply = await inquire(context, "deliveries", "the webhook's deliveries", DELIVERIES, () =>
    context.port.appRequest("GET /app/hook/deliveries", { per_page: LOOKED_AT }),
  );
  if (reply.trouble !== undefined) return [reply.trouble];
  const [latest] = reply.data;
  if (latest === undefined) {
    const fix = "install the App, or change something small in GitHub, and look again";
    return [warn("deliveries", "GitHub has not sent a webhook in the last days", fix)];
  }

  // A redelivery has the guid of what it repeats; one good attempt is enough.
  const arrived = new Set(reply.data.filter(succeeded).map(({ guid }) => guid));
  const lost = new Set(reply.data.map(({ guid }) => guid).filter((guid) => !arrived.has(guid)));
  const count = `${lost.size} of the last ${arrived.size + lost.size} webhooks failed`;
  if (!succeeded(latest)) {
    const last = `the latest at ${latest.delivered_at} (${latest.event}: ${outcome(latest)})`;
    return [fail("deliveries", `${count}, ${last}`, `${remedy(latest)}; see ${app.settingsUrl}/advanced`)];
  }
  if (lost.size === 0)
    return [ok("deliveries", `the last ${arrived.size} webhooks arrived, the latest at ${latest.delivered_at}`)];
  const fix = "nothing if Packgate was down then: it catches up by itself";
  return [warn("deliveries", `${count}, the latest arrived at ${latest.delivered_at}`, fix)];
}

function succeeded({ status_code }: Delivery): boolean {
  return status_code >= 200 && status_code < 300;
}

function outcome({ status, status_code }: Delivery): string {
  return status_code === 0 ? status : `${status_code} ${status}`;
}

function remedy({ status_code }: Delivery): string {
  switch (status_code) {
    case 400:
    case 401:
      return "make WEBHOOK_SECRET the same here and on the App's page";
    case 403:
      return "let GitHub's requests through the proxy or firewall";
    case 404:
    case 405:
      return "correct the webhook URL's path";
    case 413:
      return "let the proxy pass bodies of up to 25 MiB";
    case 502:
    case 503:
      return "check that Packgate runs behind its proxy";
    case 0:
    case 504:
      return "check that GitHub can reach the webhook URL from the internet";
    default:
      return "look at Packgate's log";
  }
}
