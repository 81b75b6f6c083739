import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Answer } from "../support/scripted-github.ts";
import { json, scripted } from "../support/scripted-github.ts";

const things = z.array(z.object({ id: z.number() }));
const url = "https://api.github.com/things";
const page = (id: number, link?: string): Answer => json([{ id }], { headers: link === undefined ? {} : { link } });

const walk = async (answers: readonly Answer[], most = Infinity) => {
  const script = scripted(answers);
  const ids: number[] = [];
  for await (const items of script.connection.installation(3).walk("GET /things", { status: "x" }, things)) {
    ids.push(...items.map(({ id }) => id));
    if (ids.length >= most) break;
  }
  return { ids, asked: script.requests.map((request) => new URL(request.url).search) };
};

describe("a list that is paged by cursor", () => {
  it("is walked along the Link header to its end", async () => {
    const answers = [
      page(1, `<${url}?cursor=v1_7%3D&per_page=100>; rel="next"`),
      page(2, `<${url}?cursor=v0>; rel="prev", <${url}?per_page=100&cursor=v1_8>; rel="next"`),
      page(3, `<${url}?cursor=v1_1>; rel="prev"`),
    ];
    expect(await walk(answers)).toEqual({
      ids: [1, 2, 3],
      asked: ["?status=x&per_page=100", "?status=x&cursor=v1_7%3D&per_page=100", "?status=x&cursor=v1_8&per_page=100"],
    });
  });

  it("is asked for no more than somebody wants", async () => {
    expect((await walk([page(1, `<${url}?cursor=v1_7>; rel="next"`)], 2)).asked).toHaveLength(2);
  });

  it("ends where there is no cursor", async () => {
    expect((await walk([page(1, `<${url}?page=2>; rel="next"`)])).ids).toEqual([1]);
  });

  it("is a failure where it has another shape", async () => {
    await expect(walk([json([{ id: "one" }])])).rejects.toMatchObject({
      name: "GitHubFailure",
      message: `GitHub's answer to GET /things has an unexpected shape at "0.id".`,
    });
  });
});
