import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isKnownEvent } from "../../src/github/webhooks.ts";
import { captureLog } from "../github/support/log.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { sendSigned } from "./send.ts";

interface Examples {
  readonly name: string;
  readonly examples: readonly object[];
}
const examples: readonly Examples[] = createRequire(import.meta.url)(
  "@octokit/webhooks-examples/api.github.com/index.json",
);

const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
const { organization } = acmeOrganization(github);
const log = captureLog();
let packgate: Running;

beforeAll(async () => {
  packgate = await startPackgate(github, { log });
  await packgate.settle();
});
afterAll(async () => packgate.stop());

const known = examples.filter(({ name }) => isKnownEvent(name));

/** As if it were about the organization that is served; nothing else of the payload is touched. */
const aboutUs = (payload: object): object => ({
  ...payload,
  organization: { login: "acme", id: organization.id },
});

describe("GitHub's own examples", () => {
  it("are there for the events that we follow", () => {
    expect(known.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["membership", "team", "team_add", "member", "organization", "repository", "push"]),
    );
  });

  it.each(
    known.flatMap(({ name, examples: payloads }) => payloads.map((payload, number) => ({ name, number, payload }))),
  )("$name $number is understood, from elsewhere and about us", async ({ name, payload }) => {
    const failures = (): readonly string[] => log.messages("warn").filter((line) => line.includes("webhook"));
    expect(await sendSigned(packgate.url, name, payload)).toBe(202);
    expect(await sendSigned(packgate.url, name, aboutUs(payload))).toBe(202);
    expect(failures()).toEqual([]);
    expect(log.messages("error")).toEqual([]);
  });

  it("of all other events are taken, and mean nothing", async () => {
    const others = examples.filter(({ name }) => !isKnownEvent(name));
    expect(others.length).toBeGreaterThan(20);
    for (const { name, examples: payloads } of others) {
      expect(await sendSigned(packgate.url, name, aboutUs({ ...payloads[0] }))).toBe(202);
    }
    expect(log.messages("error")).toEqual([]);
  });
});
