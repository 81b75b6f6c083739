import { describe, expect, it } from "vitest";
import type { Octokit } from "../../src/github/client.ts";
import { createConditional } from "../../src/github/conditional.ts";

/** A GitHub with one document at each address, that knows ETags. */
function stage() {
  const documents = new Map<string, { etag: string | undefined; data: object }>();
  const asked: { readonly status: number; readonly condition: unknown }[] = [];
  const kit: Octokit = {
    graphql: () => Promise.reject(new Error("nobody asks")),
    request: (route, { headers, ...parameters } = {}) => {
      const found = documents.get(`${route} ${JSON.stringify(parameters)}`);
      const condition: unknown = Object(headers)["if-none-match"];
      if (condition !== undefined && condition === found?.etag) {
        asked.push({ status: 304, condition });
        const response = { status: 304, headers: {} };
        return Promise.reject(Object.assign(new Error("Not modified"), { status: 304, response }));
      }
      asked.push({ status: 200, condition });
      return Promise.resolve({ status: 200, headers: { etag: found?.etag }, data: found?.data });
    },
  };
  const conditional = createConditional();
  const read = async (parameters: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const { data, keep } = await conditional.ask(kit, "GET /x", parameters);
    if (typeof data === "object" && data !== null) keep(data);
    return data;
  };
  const put = (parameters: object, data: object, etag: string | undefined): unknown =>
    documents.set(`GET /x ${JSON.stringify(parameters)}`, { etag, data });
  return { asked, conditional, kit, read, put };
}

describe("asking whether anything has changed", () => {
  it("gives the same answer again when nothing has", async () => {
    const { asked, read, put } = stage();
    put({ page: 1 }, { name: "a" }, '"one"');
    expect(await read({ page: 1 })).toEqual({ name: "a" });
    expect(await read({ page: 1 })).toEqual({ name: "a" });
    expect(asked).toEqual([
      { status: 200, condition: undefined },
      { status: 304, condition: '"one"' },
    ]);
  });

  it("gives the new answer when something has, and keeps that", async () => {
    const { read, put } = stage();
    put({}, { name: "a" }, '"one"');
    await read({});
    put({}, { name: "b" }, '"two"');
    expect(await read({})).toEqual({ name: "b" });
    expect(await read({})).toEqual({ name: "b" });
  });

  it("never answers one question with another's answer", async () => {
    const { read, put } = stage();
    put({ page: 1 }, { name: "a" }, '"same"');
    put({ page: 2 }, { name: "b" }, '"same"');
    expect(await read({ page: 1 })).toEqual({ name: "a" });
    expect(await read({ page: 2 })).toEqual({ name: "b" });
    expect(await read({ page: 1 })).toEqual({ name: "a" });
  });

  it("asks without a condition where there was no ETag, and where the answer was too large to be kept", async () => {
    const { asked, read, put } = stage();
    put({ page: 1 }, { name: "a" }, undefined);
    put({ page: 2 }, { name: "b".repeat(100_000) }, '"large"');
    for (const page of [1, 1, 2, 2]) await read({ page });
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it("keeps nothing that nobody has approved of", async () => {
    const { asked, conditional, kit, put } = stage();
    put({}, { name: "a" }, '"one"');
    await conditional.ask(kit, "GET /x", {});
    await conditional.ask(kit, "GET /x", {});
    expect(asked.map(({ status }) => status)).toEqual([200, 200]);
  });

  it("is a failure where GitHub fails", async () => {
    const { conditional } = stage();
    const failing: Octokit = {
      graphql: () => Promise.reject(new Error("no")),
      request: () => Promise.reject(new Error("down")),
    };
    await expect(conditional.ask(failing, "GET /x", {})).rejects.toThrow("down");
  });
});
