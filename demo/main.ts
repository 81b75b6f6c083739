import { parseArgs } from "node:util";
import { INDEX_SECRET, startPackgate, WEBHOOK_SECRET } from "../test/helpers/packgate.ts";
import { createSimulator } from "../test/simulator/index.ts";
import { curlLines, exampleLine } from "./curl.ts";
import { createNarrator } from "./narrator.ts";
import { demoOrganization } from "./organization.ts";
import { tellStory } from "./story.ts";

/** A simulated GitHub organization and a whole Packgate on it, over real HTTP, and the story of one afternoon. */
const { values } = parseArgs({ options: { once: { type: "boolean", default: false } } });
const tell = createNarrator(process.stdout);

const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
const acme = demoOrganization(github);
const api = await github.listen();
const began = performance.now();
const packgate = await startPackgate(github, {
  env: { GITHUB_API_URL: api.url },
  surroundings: { fetch },
});
await packgate.settle();
const [organization] = packgate.service.http.organizations();
const packages = organization?.view().claims.size ?? 0;
tell.heading("Packgate reads the organization acme from a simulated GitHub");
tell.answer(
  `synced ${packages} packages of ${acme.organization.repositories.size} repositories`,
  performance.now() - began,
);

const wrong = await tellStory(github, acme, packgate, tell);

if (values.once) {
  await packgate.stop();
  await api.close();
  tell.heading(wrong === 0 ? "Every step came out right." : `${wrong} steps came out wrong.`);
  process.exitCode = wrong === 0 ? 0 : 1;
} else {
  tell.heading("Now you. Packgate stays up until you press Ctrl+C; paste these into another terminal:");
  const token = github.tokenFor(acme.users.bob.id);
  process.stdout.write(curlLines(packgate.url, INDEX_SECRET, token));
  process.stdout.write(exampleLine(packgate.url, INDEX_SECRET, token));
  process.once("SIGINT", () => process.exit(0));
  process.once("SIGTERM", () => process.exit(0));
}
