import { expect, it } from "vitest";
import { ACME, confirmed, repository, viewOf } from "../acme.ts";
import type { Reply } from "../helpers.ts";
import { ask, BASIC, during, serving } from "../helpers.ts";

const post = (port: number, path: string, body: unknown): Promise<Reply> =>
  ask(port, `/access/v1/${path}`, {
    method: "POST",
    headers: { ...BASIC, "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const workload = (id: string) => ({ type: "workload", id });
const project = (id: string) => ({ type: "pypi_package", id });

it.each([
  ["acme/core", "upload", "acme-core", true, "workflow"],
  ["100", "upload", "acme-core", true, "workflow"],
  ["ACME/Core", "read", "acme-core", true, "workflow"],
  ["acme/core", "delete", "acme-core", false, "no-grant"],
  ["acme/old", "upload", "acme-core", false, "no-grant"],
  ["acme/old", "upload", "acme-old", false, "archived"],
  ["acme/nothing", "read", "acme-core", false, "unknown-subject"],
  ["other/core", "read", "acme-core", false, "unknown-subject"],
  ["999", "read", "acme-core", false, "unknown-subject"],
])("a run of %s may %s %s: %s, %s", async (id, name, package_, decision, reason) => {
  await during({}, async ({ port }) => {
    const body = { subject: workload(id), action: { name }, resource: project(package_) };
    expect((await post(port, "evaluation", body)).json).toMatchObject({ decision, context: { reason } });
  });
});

it("runs are found by every search", async () => {
  await during({}, async ({ port }) => {
    const [action, resource] = [{ name: "upload" }, project("acme-core")];
    expect((await post(port, "search/subject", { subject: { type: "workload" }, action, resource })).json).toEqual({
      results: [workload("acme/core")],
    });
    const body = { subject: workload("acme/core"), action, resource: { type: "pypi_package" } };
    expect((await post(port, "search/resource", body)).json).toEqual({ results: [project("acme-core")] });
    expect((await post(port, "search/action", { subject: workload("100"), resource })).json).toEqual({
      results: [{ name: "read" }, { name: "upload" }],
    });
  });
});

it("a name that two repositories carry means neither; their numbers do", async () => {
  const repositories = new Map(ACME.repositories).set(103, confirmed(repository("core")));
  await during(serving(viewOf({ ...ACME, repositories })), async ({ port }) => {
    const [action, resource] = [{ name: "upload" }, project("acme-core")];
    const of = (id: string) => post(port, "evaluation", { subject: workload(id), action, resource });
    expect((await of("acme/core")).status).toBe(503);
    expect((await of("100")).json).toMatchObject({ decision: true });
    expect((await of("103")).json).toMatchObject({ decision: false });
    expect((await post(port, "search/subject", { subject: { type: "workload" }, action, resource })).json).toEqual({
      results: [workload("100")],
    });
  });
});

const FOREIGN = ["pull_request", "pull_request_target", "workflow_run"];

it.each(FOREIGN)("a run that %s set off may only read, as one may that shows its token", async (event) => {
  await during({}, async ({ port }) => {
    const subject = { ...workload("acme/core"), properties: { event } };
    const resource = project("acme-core");
    const may = async (name: string) =>
      (await post(port, "evaluation", { subject, action: { name }, resource })).json as object;
    expect(await may("upload")).toStrictEqual({
      decision: false,
      context: {
        reason: "token-scope",
        message: `acme/core may not upload acme-core: runs set off by ${event} may only read: publish from one that a push, a release or workflow_dispatch sets off`,
      },
    });
    expect(await may("read")).toMatchObject({ decision: true });

    const found = async (what: string, body: object) => (await post(port, `search/${what}`, body)).json;
    const upload = { name: "upload" };
    const anyRun = { type: "workload", properties: { event } };
    expect(await found("subject", { subject: anyRun, action: upload, resource })).toEqual({ results: [] });
    expect(await found("resource", { subject, action: upload, resource: { type: "pypi_package" } })).toEqual({
      results: [],
    });
    expect(await found("action", { subject, resource })).toEqual({ results: [{ name: "read" }] });
  });
});

it("a run that a push set off publishes", async () => {
  await during({}, async ({ port }) => {
    const subject = { ...workload("acme/core"), properties: { event: "push" } };
    const body = { subject, action: { name: "upload" }, resource: project("acme-core") };
    expect((await post(port, "evaluation", body)).json).toMatchObject({ decision: true });
  });
});
