import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { FailureKind } from "../../src/github/failure.ts";
import { GitHubFailure } from "../../src/github/failure.ts";
import type { Answer } from "./support/scripted-github.ts";
import { json, scripted, START, tokenReply } from "./support/scripted-github.ts";

const thing = z.object({ id: z.number() });
const good = json({ id: 1 });
const document = "query Thing { thing { id } }";
const goodQuery = json({ data: { id: 1 } });
const seconds = START / 1000;
const message = (text: string) => ({ message: text });
const graphqlErrors = (...types: (string | undefined)[]): Answer =>
  json({ data: { id: 1 }, errors: types.map((type) => ({ ...(type && { type }), message: "no" })) });

interface Case {
  readonly title: string;
  readonly answer: Answer;
  readonly kind: FailureKind;
  readonly says: RegExp;
  /** Requests in all, when the answer stays the same. */
  readonly attempts: number;
  /** How long somebody waits before each next attempt. */
  readonly waits: readonly number[];
}

const BACKOFF = [1000, 2000, 4000];
const once = { attempts: 1, waits: [] };
const backedOff = { attempts: 4, waits: BACKOFF };
const unreachable = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") });

const SHARED_CASES: readonly Case[] = [
  {
    title: "403 primary limit, reset soon",
    answer: json(message("API rate limit exceeded"), {
      status: 403,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(seconds + 30) },
    }),
    kind: "limited",
    says: /limits our requests/,
    attempts: 4,
    waits: [30_000, 1000, 1000],
  },
  {
    title: "429 primary limit, reset in a while: not sat out",
    answer: json(message("API rate limit exceeded"), {
      status: 429,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(seconds + 1800) },
    }),
    kind: "limited",
    says: /limits our requests/,
    ...once,
  },
  {
    title: "403 secondary limit with retry-after",
    answer: json(message("You have exceeded a secondary rate limit."), {
      status: 403,
      headers: { "retry-after": "17" },
    }),
    kind: "limited",
    says: /limits our requests/,
    attempts: 4,
    waits: [17_000, 17_000, 17_000],
  },
  {
    title: "403 secondary limit that only its message tells",
    answer: json(message("You have exceeded a secondary rate limit. Please wait."), { status: 403 }),
    kind: "limited",
    says: /limits our requests/,
    attempts: 4,
    waits: [60_000, 60_000, 60_000],
  },
  {
    title: "403 abuse detection, as GHES still says",
    answer: json(message("You have triggered an abuse detection mechanism."), { status: 403 }),
    kind: "limited",
    says: /limits our requests/,
    attempts: 4,
    waits: [60_000, 60_000, 60_000],
  },
  {
    title: "429 without a word",
    answer: json({}, { status: 429 }),
    kind: "limited",
    says: /limits our requests/,
    attempts: 4,
    waits: [60_000, 60_000, 60_000],
  },
  { title: "404", answer: json(message("Not Found"), { status: 404 }), kind: "gone", says: /answered 404/, ...once },
  { title: "410", answer: json(message("Gone"), { status: 410 }), kind: "gone", says: /answered 410/, ...once },
  {
    title: "500",
    answer: json(message("Server Error"), { status: 500 }),
    kind: "unavailable",
    says: /answered 500/,
    ...backedOff,
  },
  {
    title: "503 with a page instead of JSON",
    answer: new Response("<html>Unicorn!</html>", { status: 503, headers: { "content-type": "text/html" } }),
    kind: "unavailable",
    says: /answered 503/,
    ...backedOff,
  },
  { title: "no network", answer: unreachable, kind: "unavailable", says: /cannot be reached/, ...backedOff },
  {
    title: "time-out",
    answer: new DOMException("The operation was aborted due to timeout", "TimeoutError"),
    kind: "unavailable",
    says: /cannot be reached/,
    ...backedOff,
  },
  {
    title: "aborted",
    answer: new DOMException("This operation was aborted", "AbortError"),
    kind: "unavailable",
    says: /cannot be reached/,
    ...backedOff,
  },
];

const REST_CASES: readonly Case[] = [
  ...SHARED_CASES,
  {
    title: "502",
    answer: json({}, { status: 502 }),
    kind: "unavailable",
    says: /answered 502 to GET \/thing/,
    ...backedOff,
  },
];

const GRAPHQL_CASES: readonly Case[] = [
  ...SHARED_CASES,
  { title: "502", answer: json({}, { status: 502 }), kind: "too-large", says: /too large/, ...once },
  { title: "504", answer: json({}, { status: 504 }), kind: "too-large", says: /too large/, ...once },
  {
    title: "RATE_LIMITED",
    answer: graphqlErrors("RATE_LIMITED"),
    kind: "limited",
    says: /GraphQL Thing/,
    attempts: 4,
    waits: [60_000, 60_000, 60_000],
  },
  {
    title: "RATE_LIMITED with a reset",
    answer: json(
      { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] },
      { headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(seconds + 50) } },
    ),
    kind: "limited",
    says: /GraphQL Thing/,
    attempts: 4,
    waits: [50_000, 1000, 1000],
  },
  { title: "NOT_FOUND", answer: graphqlErrors("NOT_FOUND"), kind: "gone", says: /knows nothing/, ...once },
  {
    title: "a partial answer: RESOURCE_LIMITS_EXCEEDED",
    answer: graphqlErrors("RESOURCE_LIMITS_EXCEEDED", "NOT_FOUND"),
    kind: "too-large",
    says: /too large/,
    ...once,
  },
  {
    title: "a time-out without a type",
    answer: json({
      data: null,
      errors: [{ message: "Something went wrong while executing your query. This may be the result of a timeout." }],
    }),
    kind: "too-large",
    says: /too large/,
    ...once,
  },
  {
    title: "any other error, however much data comes with it",
    answer: graphqlErrors(undefined),
    kind: "unavailable",
    says: /answered 200/,
    ...backedOff,
  },
];

describe.each([
  { line: "REST", cases: REST_CASES },
  { line: "GraphQL", cases: GRAPHQL_CASES },
])("$line", ({ line, cases }) => {
  const send = (script: ReturnType<typeof scripted>): Promise<unknown> => {
    const client = script.connection.installation(3);
    return line === "REST" ? client.get("GET /thing", {}, thing) : client.query(document, {}, thing);
  };
  const fine = line === "REST" ? good : goodQuery;

  it.each(cases)("$title is $kind", async ({ answer, kind, says, attempts, waits }) => {
    const script = scripted([answer]);
    const failure = await send(script).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GitHubFailure);
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(says) });
    expect(script.requests).toHaveLength(attempts);
    expect(script.slept).toEqual(waits);
  });

  it.each(cases.filter(({ attempts }) => attempts > 1))(
    "$title is forgotten when the next attempt goes well",
    async ({ answer }) => {
      const script = scripted([answer, fine]);
      expect(await send(script)).toEqual({ id: 1 });
      expect(script.requests).toHaveLength(2);
    },
  );

  it.each([
    {
      title: "garbage instead of JSON",
      answer: new Response("{{{", { headers: { "content-type": "application/json" } }),
    },
    { title: "nothing", answer: new Response("", { headers: { "content-type": "application/json" } }) },
    { title: "another shape", answer: json(line === "REST" ? { id: "one" } : { data: { id: "one" } }) },
    { title: "null", answer: json(line === "REST" ? null : { data: null }) },
  ])("$title is unavailable: never a fact", async ({ answer }) => {
    await expect(send(scripted([answer]))).rejects.toMatchObject({ name: "GitHubFailure", kind: "unavailable" });
  });

  it("gives every attempt its own time", async () => {
    const script = scripted([unreachable, unreachable, fine]);
    await send(script);
    expect(new Set(script.requests.map(({ signal }) => signal)).size).toBe(3);
    expect(script.requests.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
  });

  it("sends no more after the connection was closed", async () => {
    const script = scripted([fine]);
    await send(script);
    script.connection.close();
    await expect(send(script)).rejects.toMatchObject({ kind: "unavailable" });
    expect(script.requests).toHaveLength(1);
  });

  it.each([
    // To a 401 Octokit itself asks once more, each time.
    { status: 401, says: /refused our credentials/, requests: 4 },
    { status: 403, says: /accept the App's permissions/, requests: 2 },
  ])("$status is asked once more with a new token, and then is forbidden", async ({ status, says, requests }) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const refuse = (): Response => {
      // For five seconds Octokit itself waits for a new token to be known everywhere at GitHub.
      vi.setSystemTime(Date.now() + 6000);
      return json(message("no"), { status });
    };
    const script = scripted([refuse]);
    await expect(send(script)).rejects.toMatchObject({ kind: "forbidden", message: expect.stringMatching(says) });
    expect(script.tokens()).toBe(2);
    expect(script.requests).toHaveLength(requests);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("an installation's token", () => {
  const forbidden = json(message("Resource not accessible by integration"), { status: 403 });

  it("is made anew when GitHub forbids something: the old one knows nothing of new permissions", async () => {
    const script = scripted([forbidden, good]);
    expect(await script.connection.installation(3).get("GET /thing", {}, thing)).toEqual({ id: 1 });
    expect(script.tokens()).toBe(2);
  });

  it("is made anew once in a while only, however much is forbidden", async () => {
    const script = scripted([forbidden]);
    const client = script.connection.installation(3);
    const all = Array.from({ length: 10 }, () => client.get("GET /thing", {}, thing));
    expect((await Promise.allSettled(all)).filter(({ status }) => status === "rejected")).toHaveLength(10);
    expect(script.tokens()).toBe(2);
    await script.time.sleep(60_000);
    await expect(client.get("GET /thing", {}, thing)).rejects.toMatchObject({ kind: "forbidden" });
    expect(script.tokens()).toBe(3);
  });

  it.each([401, 403, 404])("that GitHub refuses with %i does not make things be gone", async (status) => {
    const script = scripted([good], () => json(message("Not Found"), { status }));
    const client = script.connection.installation(3);
    const refused = { kind: "forbidden", message: expect.stringContaining("no token") };
    await expect(client.get("GET /thing", {}, thing)).rejects.toMatchObject(refused);
    await expect(client.query(document, {}, thing)).rejects.toMatchObject(refused);
    expect(script.requests).toEqual([]);
  });

  it("comes from where everything else comes from", async () => {
    const asked: string[] = [];
    const token = (request: Request): Response => {
      asked.push(request.url);
      return tokenReply();
    };
    const script = scripted([forbidden, good, goodQuery], token, "https://ghe.acme.example/api/v3");
    const client = script.connection.installation(3);
    await client.get("GET /thing", {}, thing);
    await client.query(document, {}, thing);
    const tokens = "https://ghe.acme.example/api/v3/app/installations/3/access_tokens";
    expect(asked).toEqual([tokens, tokens]);
    expect(script.requests.map(({ url }) => url)).toEqual([
      "https://ghe.acme.example/api/v3/thing",
      "https://ghe.acme.example/api/v3/thing",
      "https://ghe.acme.example/api/graphql",
    ]);
  });

  it("that cannot be had now is asked for again", async () => {
    let asked = 0;
    const script = scripted([good], () => {
      asked += 1;
      return asked === 1 ? json({}, { status: 502 }) : json({ token: "ghs_x", expires_at: "2999-01-01T00:00:00Z" });
    });
    expect(await script.connection.installation(3).get("GET /thing", {}, thing)).toEqual({ id: 1 });
    expect(script.slept).toEqual([1000]);
  });

  it("is waited for no longer than for anything else", async () => {
    const deadlines: number[] = [];
    vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
      deadlines.push(milliseconds);
      return AbortSignal.abort(new DOMException("too late", "TimeoutError"));
    });
    const script = scripted([good], () => (request: Request) => {
      request.signal.throwIfAborted();
      return json({});
    });
    await expect(script.connection.installation(3).get("GET /thing", {}, thing)).rejects.toMatchObject({
      kind: "unavailable",
    });
    expect(deadlines).toEqual([20_000, 20_000, 20_000, 20_000]);
  });
});

describe("a pause that GitHub asks for", () => {
  it("stops everything else of that installation's throttle, and nothing of another's", async () => {
    const limited = json(message("slow"), { status: 403, headers: { "retry-after": "3000" } });
    const script = scripted([limited, good, good]);
    const [one, other] = [script.connection.installation(3), script.connection.installation(4)];
    await expect(one.get("GET /thing", {}, thing)).rejects.toMatchObject({
      kind: "limited",
      retryAt: START + 3_000_000,
    });
    await other.get("GET /thing", {}, thing);
    expect(script.slept).toEqual([]);
    await one.get("GET /thing", {}, thing);
    expect(script.slept).toEqual([3_000_000]);
  });

  it.each([{ "retry-after": "99999999999" }, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999999" }])(
    "is an hour at most: %o",
    async (headers) => {
      const script = scripted([json({}, { status: 403, headers: { ...headers } })]);
      await expect(script.connection.installation(3).get("GET /thing", {}, thing)).rejects.toMatchObject({
        retryAt: START + 3_600_000,
      });
    },
  );
});

describe("a REST list", () => {
  const full = Array.from({ length: 100 }, (_, id) => ({ id }));
  const list = (script: ReturnType<typeof scripted>) =>
    script.connection.installation(3).list("GET /things", {}, z.array(thing));

  it("is read to its end", async () => {
    const script = scripted([json(full), json(full), json([{ id: 7 }])]);
    expect(await list(script)).toHaveLength(201);
    expect(script.requests.map(({ url }) => new URL(url).searchParams.get("page"))).toEqual(["1", "2", "3"]);
  });

  it("that ends with a full page is asked for one more", async () => {
    expect(await list(scripted([json(full), json([])]))).toHaveLength(100);
  });

  it("is whole or nothing", async () => {
    await expect(list(scripted([json(full), json({}, { status: 404 })]))).rejects.toMatchObject({ kind: "gone" });
  });
});

describe("nodes that are gone", () => {
  const nodes = z.object({ nodes: z.array(thing.nullable()) });
  const ask = (answer: Answer) => scripted([answer]).connection.installation(3).query("query Nodes", {}, nodes);
  const missing = (path: readonly (string | number)[]) => ({ type: "NOT_FOUND", path, message: "Could not resolve" });

  it("are null among the others", async () => {
    const data = { nodes: [{ id: 1 }, null] };
    expect(await ask(json({ data, errors: [missing(["nodes", 1])] }))).toEqual(data);
  });

  it.each([
    { title: "another error beside", errors: [missing(["nodes", 1]), { type: "INTERNAL", message: "oops" }] },
    { title: "something missing further down", errors: [missing(["nodes", 1, "members"])] },
    { title: "something else missing", errors: [missing(["organization"])] },
    { title: "a resource limit", errors: [missing(["nodes", 1]), { type: "RESOURCE_LIMITS_EXCEEDED", message: "" }] },
  ])("with $title are a failure", async ({ errors }) => {
    await expect(ask(json({ data: { nodes: [{ id: 1 }, null] }, errors }))).rejects.toBeInstanceOf(GitHubFailure);
  });

  it("and no data at all are a failure", async () => {
    await expect(ask(json({ data: null, errors: [missing(["nodes", 0])] }))).rejects.toMatchObject({
      kind: "unavailable",
    });
  });
});
