import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Claim } from "../../../src/domain/claims.ts";
import { authzenRoutes } from "../../../src/http/authzen/routes.ts";
import { attempt, exchangeOf } from "../../../src/http/exchange.ts";
import { createHttpServer } from "../../../src/http/server.ts";
import type { PackageName } from "../../../src/domain/package-name.ts";
import { ACME, BACKEND, confirmed, granted, name, NOW, PLATFORM, READERS, repository, role, viewOf } from "../acme.ts";
import type { Reply } from "../helpers.ts";
import { ask, BASIC, serving, testService } from "../helpers.ts";
import type { Row } from "./certification.ts";
import { SCENARIO } from "./certification.ts";
import { recordsPoint } from "./records.ts";

/** The scenario's own policy behind our endpoints: everything but what decides. */
function recordsServer() {
  const service = testService();
  const routes = new Map(authzenRoutes(service, () => recordsPoint));
  return createServer((request, response) => {
    const exchange = exchangeOf(request, response, service.requestId);
    attempt(exchange, service.log, () => routes.get(`${request.method} ${request.url}`)?.(exchange));
  });
}

const held = (id: number): Claim => ({ status: "held", repository: id, path: "pyproject.toml", since: NOW });

/** The same records as packages: alice writes to record-1, bob reads it, record-2 is archived. */
function packagesServer() {
  const facts = {
    ...ACME,
    repositories: new Map([
      [100, confirmed(repository("one"))],
      [101, confirmed(repository("two", { archived: true }))],
    ]),
    access: new Map([
      [100, confirmed(granted({ teams: { [PLATFORM]: role("write"), [READERS]: role("read") } }))],
      [101, confirmed(granted({ teams: { [BACKEND]: role("admin"), [READERS]: role("admin") } }))],
    ]),
  };
  const claims = new Map<PackageName, Claim>([
    [name("record-1"), held(100)],
    [name("record-2"), held(101)],
  ]);
  return createHttpServer(testService(serving(viewOf(facts, { claims }))));
}

/** GitHub says what is archived and who is an admin, so what the properties say of it counts only for the fixture. */
const ALL: readonly Row[] = SCENARIO;
const CORE = SCENARIO.filter(({ level }) => level === "Core");

/** The scenario's words as Packgate has them. */
const ours = (text: string): string => text.replaceAll('"record"', '"pypi_package"').replaceAll('"write"', '"upload"');

describe.each([
  ["the scenario's fixture", recordsServer, ALL, (text: string) => text],
  ["Packgate's decisions", packagesServer, CORE, ours],
] as const)("AuthZEN's certification scenario on %s", (_, start, rows, translate) => {
  const server = start();
  let port: number;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.close();
  });

  const call = (path: string, body: object | string, headers: Record<string, string> = {}): Promise<Reply> =>
    ask(port, `/access/v1/${path}`, {
      method: "POST",
      headers: { ...BASIC, "content-type": "application/json", ...headers },
      body: translate(typeof body === "string" ? body : JSON.stringify(body)),
    });

  it.each(rows.map((row) => [`${row.section} ${row.path}`, row] as const))("%s", async (_title, row) => {
    const headers = row.contentType === undefined ? {} : { "content-type": row.contentType };
    const reply = await call(row.path, row.body, headers);
    expect(reply.headers["content-type"]).toBe("application/json");
    expect(seen(row, reply, translate)).toEqual({
      status: row.status,
      decision: row.decision,
      decisions: row.decisions?.map((wanted) => wanted ?? "boolean"),
      missing: [],
      unwanted: [],
    });
  });

  const good = {
    subject: { type: "user", id: "alice" },
    action: { name: "read" },
    resource: { type: "record", id: "record-1" },
  };

  it("2.5 X-Request-ID comes back, and may be absent", async () => {
    const { headers } = await call("evaluation", good, { "x-request-id": "bfe9eb29-ab87-4ca3-be83-a1d5d8305716" });
    expect(headers["x-request-id"]).toBe("bfe9eb29-ab87-4ca3-be83-a1d5d8305716");
    expect((await call("evaluation", good)).headers["x-request-id"]).toMatch(/^request-\d+$/);
  });

  it("2.6 the same question has the same answer", async () => {
    const replies = await Promise.all(Array.from({ length: 5 }, () => call("evaluation", good)));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(replies[0]?.json["decision"]).toBe(true);
  });

  it("4.5 results come in pages", async () => {
    const search = {
      subject: { type: "user" },
      action: { name: "read" },
      resource: { type: "record", id: "record-1" },
    };
    const all = (await call("search/subject", search)).json["results"] as unknown[];
    const seen: unknown[] = [];
    let reply = await call("search/subject", { ...search, page: { limit: 1 } });
    for (let pages = 0; pages < 10; pages++) {
      const { results, page } = reply.json as {
        results: unknown[];
        page: { next_token: string; count: number; total: number };
      };
      expect(page).toMatchObject({ count: 1, total: all.length });
      seen.push(...results);
      if (page.next_token === "") break;
      // The limit may be left out on the way.
      reply = await call("search/subject", { ...search, page: { token: page.next_token } });
    }
    expect(seen).toEqual(all);
    expect(all.length).toBeGreaterThan(1);
  });
});

interface Shape {
  readonly decision?: unknown;
  readonly evaluations?: readonly { readonly decision: unknown }[];
  readonly results?: readonly { readonly type?: string; readonly id?: string; readonly name?: string }[];
}

/** A reply in the words of the row. */
function seen(row: Row, { status, json }: Reply, translate: (text: string) => string): object {
  const { decision, evaluations, results = [] }: Shape = json;
  const found = results.map(({ id, name }) => id ?? name);
  const wanted = row.results?.map((text): unknown => JSON.parse(translate(JSON.stringify(text)))) ?? [];
  const type: unknown = { "search/subject": "user", "search/resource": JSON.parse(translate('"record"')) }[
    row.path as string
  ];
  return {
    status,
    decision,
    decisions: evaluations?.map((one, index) =>
      row.decisions?.[index] === undefined ? typeof one.decision : one.decision,
    ),
    missing: wanted.filter((id) => !found.some((one) => one === id)),
    unwanted: wanted.length === 0 ? found : results.filter((result) => result.type !== type),
  };
}
