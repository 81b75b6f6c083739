/**
 * The certification scenario of AuthZEN 1.0, re-typed from the text of openid/authzen
 * (certification/authorization-api-1_0-scenario.md at e287920): levels Basic, Batch and Search, Core and Properties.
 */
export interface Row {
  /** The section of the scenario. */
  readonly section: string;
  readonly level: "Core" | "Properties";
  readonly path: "evaluation" | "evaluations" | "search/subject" | "search/resource" | "search/action";
  /** An object is sent as JSON, a text as it is. */
  readonly body: object | string;
  /** Where it is not `application/json`. */
  readonly contentType?: string;
  readonly status: 200 | 400;
  readonly decision?: boolean;
  /** Of each evaluation; `undefined`: any, as long as it is one. */
  readonly decisions?: readonly (boolean | undefined)[];
  /** Ids or names that the results must have; an empty list: the results are empty. */
  readonly results?: readonly string[];
}

const alice = { type: "user", id: "alice" };
const bob = { type: "user", id: "bob" };
const adminBob = { ...bob, properties: { role: "admin" } };
const [read, write] = [{ name: "read" }, { name: "write" }];
const record1 = { type: "record", id: "record-1" };
const record2 = { type: "record", id: "record-2" };
const active1 = { ...record1, properties: { status: "active" } };
const archived2 = { ...record2, properties: { status: "archived" } };
const context = { time: "2025-06-27T18:03-07:00", ip: "192.168.1.1" };
const users = { type: "user" };
const records = { type: "record" };
const good = { subject: alice, action: read, resource: record1 };

const yes = { status: 200, decision: true } as const;
const no = { status: 200, decision: false } as const;
const bad = { status: 400 } as const;
const asked = { path: "evaluation", level: "Core" } as const;
const batch = { path: "evaluations", level: "Core", status: 200 } as const;
const subjects = { path: "search/subject", level: "Core" } as const;
const resources = { path: "search/resource", level: "Core" } as const;
const actions = { path: "search/action", level: "Core" } as const;
const properties = { level: "Properties", status: 200 } as const;

export const SCENARIO: readonly Row[] = [
  { ...asked, section: "2.2.1 permit", body: good, ...yes },
  { ...asked, section: "2.2.2 deny", body: { subject: bob, action: write, resource: record1 }, ...no },
  { ...asked, section: "rule 2", body: { subject: alice, action: write, resource: record1 }, ...yes },
  { ...asked, section: "rule 3", body: { subject: bob, action: read, resource: record1 }, ...yes },
  { ...asked, section: "2.2.3 context", body: { ...good, context }, ...yes },
  { ...asked, ...properties, section: "2.2.4", body: { subject: alice, action: write, resource: archived2 }, ...no },
  {
    ...asked,
    ...properties,
    section: "2.2.5",
    body: { subject: adminBob, action: write, resource: archived2 },
    ...yes,
  },
  {
    ...asked,
    ...properties,
    section: "2.2.6",
    body: { subject: alice, action: { name: "delete", properties: { soft: true } }, resource: record1 },
    ...yes,
  },
  {
    ...asked,
    ...properties,
    section: "2.2.7",
    body: { subject: alice, action: { name: "delete", properties: { soft: false } }, resource: record1 },
    ...no,
  },
  {
    ...asked,
    section: "2.2.8 more properties",
    body: {
      subject: { ...alice, properties: { department: "Sales", role: "manager" } },
      action: { ...read, properties: { method: "GET" } },
      resource: { ...record1, properties: { status: "active", owner: "bob" } },
    },
    ...yes,
  },
  { ...asked, section: "2.2.9 unknown fields", body: { ...good, foo: "bar", futureField: { nested: true } }, ...yes },
  { ...asked, section: "2.4.1 no subject", body: { action: read, resource: record1 }, ...bad },
  { ...asked, section: "2.4.1 no action", body: { subject: alice, resource: record1 }, ...bad },
  { ...asked, section: "2.4.1 no resource", body: { subject: alice, action: read }, ...bad },
  { ...asked, section: "2.4.2 no subject.type", body: { ...good, subject: { id: "alice" } }, ...bad },
  { ...asked, section: "2.4.2 no subject.id", body: { ...good, subject: users }, ...bad },
  { ...asked, section: "2.4.2 no action.name", body: { ...good, action: {} }, ...bad },
  { ...asked, section: "2.4.2 no resource.type", body: { ...good, resource: { id: "record-1" } }, ...bad },
  { ...asked, section: "2.4.2 no resource.id", body: { ...good, resource: records }, ...bad },
  { ...asked, section: "2.4.3 content type", body: good, contentType: "text/plain", ...bad },
  { ...asked, section: "2.4.3 form", body: good, contentType: "application/x-www-form-urlencoded", ...bad },
  { ...asked, section: "2.4.4 malformed", body: '{"subject": ', ...bad },
  { ...asked, section: "2.4.5 empty", body: "", ...bad },
  { ...asked, section: "2.4.6 subject is text", body: { ...good, subject: "alice" }, ...bad },
  { ...asked, section: "2.4.6 action.name is a number", body: { ...good, action: { name: 123 } }, ...bad },
  {
    ...batch,
    section: "3.2.1",
    body: { subject: alice, action: read, evaluations: [{ resource: record1 }, { resource: record2 }] },
    decisions: [undefined, undefined],
  },
  {
    ...batch,
    section: "3.2.2",
    body: { subject: bob, resource: record1, evaluations: [{ action: read }, { action: write }] },
    decisions: [true, false],
  },
  {
    ...batch,
    ...properties,
    section: "3.2.3",
    body: { subject: alice, action: write, evaluations: [{ resource: active1 }, { resource: archived2 }] },
    decisions: [true, false],
  },
  {
    ...batch,
    ...properties,
    section: "3.2.4",
    body: { action: write, resource: archived2, evaluations: [{ subject: alice }, { subject: adminBob }] },
    decisions: [false, true],
  },
  {
    ...batch,
    section: "3.2.5",
    body: { evaluations: [good, { subject: bob, action: write, resource: record1 }] },
    decisions: [true, false],
  },
  {
    ...batch,
    section: "3.2.6",
    body: {
      subject: alice,
      action: read,
      context: { time: "2025-06-27T18:03-07:00" },
      evaluations: [
        { resource: record1 },
        { resource: record2, context: { time: "2025-06-27T19:00-07:00", source: "batch-override" } },
      ],
    },
    decisions: [undefined, undefined],
  },
  {
    ...batch,
    ...properties,
    section: "3.2.7",
    body: { subject: alice, action: write, resource: active1, evaluations: [{}, { resource: archived2 }] },
    decisions: [true, false],
  },
  {
    ...batch,
    section: "3.4.1",
    body: {
      subject: alice,
      action: read,
      options: { evaluations_semantic: "execute_all" },
      evaluations: [{ resource: record1 }, {}],
    },
    decisions: [true, false],
  },
  { ...batch, section: "3.4.2 no evaluations", body: good, decision: true },
  { ...batch, section: "3.4.3 empty evaluations", body: { ...good, evaluations: [] }, decision: true },
  {
    ...subjects,
    section: "4.2.1",
    body: { subject: users, action: read, resource: record1 },
    status: 200,
    results: ["alice", "bob"],
  },
  {
    ...subjects,
    section: "4.2.2 context",
    body: { subject: users, action: read, resource: record1, context },
    status: 200,
    results: ["alice", "bob"],
  },
  { ...subjects, section: "4.2.3 id is ignored", body: good, status: 200, results: ["alice", "bob"] },
  {
    ...subjects,
    ...properties,
    section: "4.2.4",
    body: { subject: users, action: write, resource: archived2 },
    results: ["bob"],
  },
  {
    ...resources,
    section: "4.3.1",
    body: { subject: alice, action: read, resource: records },
    status: 200,
    results: ["record-1"],
  },
  {
    ...resources,
    section: "4.3.2 context",
    body: { subject: alice, action: read, resource: records, context },
    status: 200,
    results: ["record-1"],
  },
  {
    ...resources,
    section: "4.3.3 id is ignored",
    body: { subject: alice, action: read, resource: { ...record1, id: "record-9" } },
    status: 200,
    results: ["record-1"],
  },
  {
    ...resources,
    ...properties,
    section: "4.3.4",
    body: { subject: adminBob, action: write, resource: records },
    results: ["record-2"],
  },
  {
    ...actions,
    section: "4.4.1",
    body: { subject: alice, resource: record1 },
    status: 200,
    results: ["read", "write"],
  },
  {
    ...actions,
    section: "4.4.2 context",
    body: { subject: alice, resource: record1, context },
    status: 200,
    results: ["read", "write"],
  },
  {
    ...actions,
    ...properties,
    section: "4.4.3",
    body: { subject: adminBob, resource: archived2 },
    results: ["write"],
  },
  {
    ...actions,
    section: "4.6.1 unknown subject",
    body: { subject: { type: "user", id: "nonexistent-user" }, resource: record1 },
    status: 200,
    results: [],
  },
  {
    ...subjects,
    section: "4.6.1 unknown resource",
    body: { subject: users, action: read, resource: { type: "record", id: "nonexistent" } },
    status: 200,
    results: [],
  },
  {
    ...resources,
    section: "4.6.1 unknown subject",
    body: { subject: { type: "user", id: "nonexistent-user" }, action: read, resource: records },
    status: 200,
    results: [],
  },
  {
    ...subjects,
    section: "4.6.2 unknown type",
    body: { subject: { type: "spaceship" }, action: read, resource: record1 },
    status: 200,
    results: [],
  },
  {
    ...resources,
    section: "4.6.2 unknown type",
    body: { subject: alice, action: read, resource: { type: "spaceship" } },
    status: 200,
    results: [],
  },
  {
    ...actions,
    section: "4.6.2 unknown type",
    body: { subject: { type: "spaceship", id: "alice" }, resource: record1 },
    status: 200,
    results: [],
  },
  { ...subjects, section: "4.7.1 no action", body: { subject: users, resource: record1 }, ...bad },
  { ...resources, section: "4.7.1 no subject", body: { action: read, resource: records }, ...bad },
  { ...actions, section: "4.7.1 no resource", body: { subject: alice }, ...bad },
  { ...subjects, section: "4.7.2 no resource.id", body: { subject: users, action: read, resource: records }, ...bad },
  { ...resources, section: "4.7.2 no subject.id", body: { subject: users, action: read, resource: records }, ...bad },
  { ...actions, section: "4.7.2 no subject.id", body: { subject: users, resource: record1 }, ...bad },
];
