import { WEBHOOK_PATH } from "../github/app-manifest.ts";
import { Failure } from "./failure.ts";
import { EXIT, type Io } from "./io.ts";
import { printable, printJson, remark } from "./print.ts";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";
import { receiveVisit } from "./setup/browser.ts";
import { type Conversion, convert } from "./setup/convert.ts";
import { withSettings } from "./setup/env-file.ts";
import { manifestFor } from "./setup/manifest.ts";
import { formPage } from "./setup/page.ts";
import { type Plan, planSetup } from "./setup/plan.ts";
import { appSettings, furtherSettings } from "./setup/settings.ts";
import { JSON_OPTION, type Verb } from "./verb.ts";

export const setup: Verb = {
  name: "setup",
  summary: "register the GitHub App and write its credentials to .env",
  operands: [],
  options: {
    org: { value: "LOGIN", meaning: "the organization that will own the App and install it" },
    "public-url": { value: "URL", meaning: "where GitHub reaches this Packgate; https" },
    port: { value: "PORT", meaning: "port of the page on this machine; any free one unless told" },
    // Not --env-file: Node takes that for its own, even behind the script's name.
    file: { value: "FILE", meaning: "the file to write; .env unless told" },
    force: { meaning: "replace credentials that the file has already" },
    json: JSON_OPTION,
  },
  notes: `Opens a page on 127.0.0.1 that leads to GitHub and back. On a machine without a browser, choose
a port and forward it from yours: ssh -L 8099:127.0.0.1:8099 HOST

Example: packgate setup --org acme --public-url https://packgate.acme.example`,
  run: async (args, io) => {
    const plan = await planSetup(args, io);
    const state = io.random(32).toString("hex");
    const github = new URL(plan.urls.webUrl).origin;
    const result = await receiveVisit({
      port: plan.port,
      github,
      state,
      secretPath: io.random(16).toString("hex"),
      page: (callbackUrl) =>
        formPage({
          org: plan.org,
          action: `${plan.urls.webUrl}/organizations/${plan.org}/settings/apps/new?state=${state}`,
          manifest: JSON.stringify(manifestFor(plan.manifest, plan.org, plan.publicUrl, callbackUrl)),
          webhookUrl: `${plan.publicUrl}${WEBHOOK_PATH}`,
        }),
      // Not a result: with --json only the outcome goes to stdout.
      opened: (url) => remark(io, `Open ${url} in a browser, signed in to GitHub as an owner of ${plan.org}.`),
      accept: (code) => register(plan, io, code),
    });
    if (args.flag("json")) printJson(io, result);
    else io.stdout.write(nextSteps(result));
    return EXIT.ok;
  },
};

interface Registration {
  readonly app: { readonly id: number; readonly url: string };
  readonly file: string;
  /** Names only. */
  readonly wrote: readonly string[];
  readonly install: string;
  readonly settings: string;
}

async function register({ org, publicUrl, file, urls }: Plan, io: Io, code: string): Promise<Registration> {
  const app = await convert(io, urls.apiUrl, code);
  const settings = settingsPage(app, urls.webUrl, org);
  const before = await readPrivateFile(file);
  const values = { ...appSettings(app), ...furtherSettings(before, io, org, publicUrl) };
  try {
    await writePrivateFile(file, withSettings(before, values));
  } catch (error) {
    const why = error instanceof Failure ? error.message : `cannot write ${file.path}`;
    throw new Failure(`${why}; the App exists, but its key is lost: make a new one on ${settings}`);
  }
  const wrote = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return {
    app: { id: app.id, url: app.html_url },
    file: file.path,
    wrote,
    install: `${app.html_url}/installations/new`,
    settings,
  };
}

function settingsPage({ slug, html_url }: Conversion, webUrl: string, org: string): string {
  return `${webUrl}/organizations/${org}/settings/apps/${slug ?? html_url.slice(html_url.lastIndexOf("/") + 1)}`;
}

function nextSteps({ file, wrote, install, settings }: Registration): string {
  const noSecret = `GitHub gave no webhook secret. Make one (openssl rand -hex 32), enter it on ${settings}
and in ${file} as WEBHOOK_SECRET.\n`;
  return `Registered. Wrote to ${file}, which only you can read:
  ${wrote.join(", ")}
${wrote.includes("WEBHOOK_SECRET") ? "" : noSecret}
Next:
  1. Install the App, for all repositories: ${printable(install)}
  2. So that people can log in with "packgate login", tick "Enable Device Flow", which no manifest can set:
     ${printable(settings)}
  3. Start Packgate: npm start
  4. See that all is well: packgate doctor

Your index authenticates as the client "index" of PACKGATE_INDEX_CLIENTS in that file.
`;
}
