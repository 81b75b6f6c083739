import { describe, expect, it } from "vitest";
import type { TokenCheck } from "../../src/http/service.ts";
import { ALICE, OLGA } from "./acme.ts";
import { ask, askAuthorize, askIntrospect, BASIC, during, identityOf, TOKEN } from "./helpers.ts";
import type { Proxy } from "./subrequest/asking.ts";
import { askThrough, PROXIES } from "./subrequest/asking.ts";

/** A way to ask: may whoever shows the token upload acme-core? */
interface Way {
  readonly name: string;
  readonly ask: (port: number) => Promise<unknown>;
  /** The answer where the token is good; where it has ended; and where nobody can say any more. */
  readonly good: unknown;
  readonly ended: unknown;
  readonly unsure: unknown;
  readonly owner?: readonly [id: number, login: string];
}

const proxied = (proxy: Proxy): Way => ({
  name: proxy,
  ask: async (port) => {
    const { status, headers } = await askThrough(port, proxy, ["POST", "/legacy/acme-core/"]);
    return [status, headers["x-packgate-reason"]];
  },
  good: [200, "team"],
  ended: [401, "invalid-token"],
  unsure: [403, "unverifiable"],
});

const evaluation = {
  subject: { type: "user", id: "alice" },
  action: { name: "upload" },
  resource: { type: "pypi_package", id: "acme-core" },
  context: { token: TOKEN },
};
const evaluate = async (port: number, path: string, body: object): Promise<Record<string, unknown>> => {
  const headers = { ...BASIC, "content-type": "application/json" };
  return (await ask(port, `/access/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json;
};
const verdictOf = (given: unknown): unknown => {
  const { decision, context } = Object(given);
  return [decision, Object(context).reason];
};

/** pypicloud shows a token in one call and asks in the next. */
const pypicloud = async (port: number, login: string, call: string): Promise<unknown> => {
  const shown = await ask(port, `/pypicloud/verify?username=${login}&password=${TOKEN}`, { headers: BASIC });
  expect(shown.text).toBe("true");
  return JSON.parse((await ask(port, `/pypicloud/${call}`, { headers: BASIC })).text);
};

const WAYS: readonly Way[] = [
  {
    name: "/authorize",
    ask: async (port) => {
      const { status, json } = await askAuthorize(port, { package: "acme-core", action: "upload", token: TOKEN });
      return [status, json["reason"]];
    },
    good: [200, "team"],
    ended: [401, "invalid-token"],
    unsure: [503, "unverifiable"],
  },
  ...PROXIES.map(proxied),
  {
    name: "an evaluation of AuthZEN",
    ask: async (port) => verdictOf(await evaluate(port, "evaluation", evaluation)),
    good: [true, "team"],
    ended: [false, "invalid-token"],
    // 503, with an error instead of a verdict.
    unsure: [undefined, undefined],
  },
  {
    name: "several evaluations of AuthZEN",
    ask: async (port) => {
      const { evaluations } = await evaluate(port, "evaluations", { ...evaluation, evaluations: [{}] });
      return verdictOf(Array.isArray(evaluations) ? evaluations[0] : undefined);
    },
    good: [true, "team"],
    ended: [false, "invalid-token"],
    unsure: [false, undefined],
  },
  {
    name: "/introspect",
    ask: async (port) => {
      const { status, json } = await askIntrospect(port, { token: TOKEN, package: "acme-core" });
      return [status, json["active"], json["scope"]];
    },
    good: [200, true, "read:acme-core upload:acme-core"],
    ended: [200, false, undefined],
    unsure: [503, undefined, undefined],
  },
  {
    name: "pypicloud, about a package",
    ask: async (port) => Object(await pypicloud(port, "alice", "user_permissions?package=acme-core")).alice,
    good: ["read", "write"],
    ended: ["read"],
    unsure: ["read"],
  },
  {
    name: "pypicloud, about a person",
    ask: async (port) => {
      const list = await pypicloud(port, "alice", "user_package_permissions?username=alice");
      return Array.isArray(list) ? list.find((each) => Object(each).package === "acme-core") : list;
    },
    good: { package: "acme-core", permissions: ["read", "write"] },
    ended: { package: "acme-core", permissions: ["read"] },
    unsure: { package: "acme-core", permissions: ["read"] },
  },
  {
    name: "pypicloud, about its admins",
    ask: (port) => pypicloud(port, "olga", "admin?username=olga"),
    good: true,
    ended: false,
    unsure: false,
    owner: [OLGA, "olga"],
  },
];

/** What is found of the token once GitHub has said that it sees the repository. */
const LATER = {
  good: (now: TokenCheck): TokenCheck => now,
  ended: (): TokenCheck => ({ status: "inactive", reason: "refused" }),
  unsure: (): TokenCheck => ({ status: "unverifiable", reason: "github" }),
} as const;

describe.each(WAYS)("$name", (way) => {
  it.each(["good", "ended", "unsure"] as const)(
    "answers for a token that is %s by the time GitHub has said what it sees",
    async (later) => {
      const [id, login] = way.owner ?? [ALICE, "alice"];
      const sees = async () => {
        // Whoever asks at once must not be served by this.
        await Promise.resolve();
        check = LATER[later](check);
        return "visible" as const;
      };
      let check: TokenCheck = { status: "active", identity: identityOf(id, login, { sees }) };
      await during({ verifyToken: () => check }, async ({ port }) => {
        expect(await way.ask(port)).toStrictEqual(way[later]);
      });
    },
  );
});
