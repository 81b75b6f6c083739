import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { measure } from "./graphql/cost.ts";
import { githubSchema } from "./graphql/schema.ts";

const nested = (first: number, second: number, third: number): string =>
  `{ organization(login: "a") { repositories(first: ${first}) { nodes { issues(first: ${second}) { nodes { labels(first: ${third}) { nodes { name } } } } } } } }`;

describe("what a query costs", () => {
  const table: [what: string, query: string, requests: number, cost: number, variables?: Record<string, unknown>][] = [
    ["nothing", "{ rateLimit { cost } }", 0, 1],
    ["GitHub's own example", nested(100, 50, 60), 5101, 51],
    ["a small page", nested(10, 10, 10), 111, 1],
    [
      "149 requests",
      `{ organization(login: "a") { teams(first: 74) { nodes { a: members(first: 1) { totalCount } b: members(first: 1) { totalCount } } } } }`,
      149,
      1,
    ],
    [
      "151 requests",
      `{ organization(login: "a") { teams(first: 75) { nodes { a: members(first: 1) { totalCount } b: members(first: 1) { totalCount } } } } }`,
      151,
      2,
    ],
    [
      "the team skeleton",
      `{ organization(login: "a") { teams(first: 100) { nodes { members(first: 1) { totalCount } repositories(first: 1) { totalCount } } } } }`,
      201,
      2,
    ],
    [
      "nodes by id",
      "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Team { members(first: 100) { nodes { login } } } } }",
      25,
      1,
      { ids: Array.from({ length: 25 }, String) },
    ],
    [
      "objects, which are no connections",
      `{ organization(login: "a") { repositories(first: 50) { nodes { object(expression: "HEAD:x") { oid } } } } }`,
      1,
      1,
    ],
    [
      "a page size in a variable",
      'query($n: Int!) { organization(login: "a") { teams(first: $n) { nodes { members(last: 2) { totalCount } } } } }',
      101,
      1,
      { n: 100 },
    ],
    [
      "a fragment",
      `{ organization(login: "a") { ...f } } fragment f on Organization { teams(first: 3) { nodes { members(first: 1) { totalCount } } } }`,
      4,
      1,
    ],
    [
      "one connection asked for twice",
      `{ organization(login: "a") { teams(first: 9) { totalCount } teams(first: 9) { nodes { slug } } } }`,
      1,
      1,
    ],
  ];
  it.each(table)("%s", (_, text, requests, cost, variables = {}) => {
    const measured = measure(githubSchema(), parse(text), variables);
    expect([measured.requests, measured.cost, measured.problems]).toEqual([requests, cost, []]);
  });
});
