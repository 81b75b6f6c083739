import { readFileSync } from "node:fs";

import { emitterEventNames } from "@octokit/webhooks";
import { describe, expect, it } from "vitest";
import { isMap, isScalar, isSeq, parseDocument } from "yaml";

import {
  APP_MANIFEST_FILE,
  EVENT_PERMISSIONS,
  parseAppManifest,
  REQUIRED_PERMISSIONS,
  shortfall,
  WEBHOOK_PATH,
} from "../src/github/app-manifest.ts";
import { isKnownEvent, PLANNERS } from "../src/github/webhooks.ts";

const TEXT = readFileSync(APP_MANIFEST_FILE, "utf8");
const manifest = parseAppManifest(TEXT);
const PERMISSIONS = Object.keys(REQUIRED_PERMISSIONS);
const EVENTS = Object.keys(EVENT_PERMISSIONS);

describe("app.yml", () => {
  it("is a private App whose webhook arrives where Packgate serves it", () => {
    expect(manifest.public).toBe(false);
    expect(new URL(manifest.hook_attributes.url).pathname).toBe(WEBHOOK_PATH);
    expect(Object.keys(manifest)).not.toContain("redirect_url");
  });

  it("asks for what the code needs, read-only, and for nothing else", () => {
    expect(manifest.default_permissions).toEqual(REQUIRED_PERMISSIONS);
    expect(new Set(Object.values(REQUIRED_PERMISSIONS))).toEqual(new Set(["read"]));
    expect(manifest.default_events.toSorted()).toEqual(EVENTS.toSorted());
  });

  it("justifies every permission and every event in a comment of its own", () => {
    const justified = [...commentsIn("default_permissions"), ...commentsIn("default_events")];
    expect(justified.map(({ name }) => name)).toEqual([...PERMISSIONS, ...manifest.default_events]);
    expect(justified.filter(({ comment }) => comment.length < 30)).toEqual([]);
    expect(new Set(justified.map(({ comment }) => comment)).size).toBe(justified.length);
  });

  it("lists no event that comes unasked: GitHub refuses the manifest for it", () => {
    const unasked = ["installation", "installation_repositories", "installation_target", "github_app_authorization"];
    for (const event of [...unasked, "meta"]) expect(manifest.default_events).not.toContain(event);
  });
});

/** The comment above each entry; the first one's is a comment of the whole list. */
function commentsIn(key: string): { name: string; comment: string }[] {
  const node: unknown = parseDocument(TEXT).get(key);
  const items = isMap(node) ? node.items.map(({ key: name }) => name) : isSeq(node) ? node.items : [];
  const whole = isMap(node) || isSeq(node) ? node.commentBefore : undefined;
  return items.map((item, index) => ({
    name: isScalar(item) ? String(item.value) : "?",
    comment: (isScalar(item) ? item.commentBefore : undefined) ?? (index === 0 ? (whole ?? "") : ""),
  }));
}

describe("events", () => {
  it("are carried by permissions that are asked for", () => {
    for (const permission of Object.values(EVENT_PERMISSIONS)) expect(PERMISSIONS).toContain(permission);
  });

  // GitHub's own webhook description says of each event which permission a GitHub App must have for it.
  const TITLES: Record<string, string> = {
    '"Members" organization': "members",
    '"Administration" organization': "organization_administration",
    '"Metadata" repository': "metadata",
    '"Contents" repository': "contents",
  };
  const specification = webhookDescriptions();

  it.each(Object.entries(EVENT_PERMISSIONS))("%s needs %s, as GitHub documents", (event, permission) => {
    const told = specification.flatMap(({ name, summary }) => {
      const [, title = ""] = /at least read-level access for the (".+?" \w+) permission/.exec(summary) ?? [];
      return name === event ? [TITLES[title]] : [];
    });
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told)).toEqual(new Set([permission]));
  });

  it("exist, and each means something to us", () => {
    expect(emitterEventNames).toEqual(expect.arrayContaining(EVENTS));
    expect(EVENTS.filter((event) => !isKnownEvent(event))).toEqual([]);
  });

  it("leave nothing out that has a meaning, but what comes unasked and what push says better", () => {
    const unasked = [
      "github_app_authorization",
      "installation",
      "installation_repositories",
      "installation_target",
      "meta",
    ];
    const better = ["create", "delete"];
    const deaf = Object.keys(PLANNERS).filter((event) => ![...EVENTS, ...unasked, ...better].includes(event));
    expect(deaf).toEqual([]);
  });

  function webhookDescriptions(): { name: string; summary: string }[] {
    const file = new URL("../node_modules/@octokit/openapi-webhooks/generated/api.github.com.json", import.meta.url);
    const { webhooks }: { webhooks: Record<string, { post: Description }> } = JSON.parse(readFileSync(file, "utf8"));
    return Object.values(webhooks).map(({ post }) => ({
      name: /#([\w-]+)$/.exec(post.externalDocs.url)?.[1] ?? "",
      summary: post.summary,
    }));
  }

  interface Description {
    readonly summary: string;
    readonly externalDocs: { readonly url: string };
  }
});

it("permissions exist, says GitHub's API description", () => {
  const file = new URL("../node_modules/@octokit/openapi/generated/api.github.com.json", import.meta.url);
  const { components } = JSON.parse(readFileSync(file, "utf8"));
  expect(Object.keys(components.schemas["app-permissions"].properties)).toEqual(expect.arrayContaining(PERMISSIONS));
});

describe("a text that is no manifest", () => {
  it.each([
    ["name: [", /^app\.yml is not YAML: Flow sequence.* at line 1, column 8$/],
    ["just words", /^app\.yml is not an App manifest: top level: Invalid input: expected object/],
    [TEXT.replace("public: false", ""), /^app\.yml is not an App manifest: public: /],
    [
      TEXT.replace("contents: read", "contents: all"),
      /^app\.yml is not an App manifest: default_permissions\.contents: /,
    ],
    [TEXT.replace("url: https", "url: ht tps"), /^app\.yml is not an App manifest: url: /],
  ])("is refused in one line", (text, message) => {
    expect(() => parseAppManifest(text)).toThrow(message);
  });

  it("keeps what GitHub knows and we do not", () => {
    expect(parseAppManifest(`${TEXT}\nsetup_url: https://x.example\n`)).toHaveProperty("setup_url");
  });
});

describe("what an installation lacks", () => {
  const complete = { permissions: { ...REQUIRED_PERMISSIONS, contents: "write" }, events: EVENTS };

  it("is nothing when it has all, or more", () => {
    expect(shortfall({ ...complete, events: [...EVENTS, "issues"] })).toEqual({ permissions: [], events: [] });
  });

  it("is each permission and event that is missing", () => {
    const { members: _members, ...permissions } = complete.permissions;
    expect(shortfall({ permissions, events: ["push"] })).toEqual({
      permissions: ["members"],
      events: EVENTS.filter((event) => event !== "push"),
    });
  });
});
