import { describe, expect, it } from "vitest";
import type { Claim } from "../../../src/domain/claims.ts";
import type { SeenRepository, Sight } from "../../../src/http/service.ts";
import { ACME, ALICE, confirmed, granted, name, NOW, repository, role, viewOf } from "../acme.ts";
import { during, identityOf, serving } from "../helpers.ts";
import { askThrough } from "./asking.ts";

const COUNT = 25;
const ids = Array.from({ length: COUNT }, (_, index) => 200 + index);
const held = (id: number): Claim => ({ status: "held", repository: id, path: "pyproject.toml", since: NOW });
const write = confirmed(granted({ collaborators: { [ALICE]: { login: "alice", role: role("write") } } }));
/** alice may upload to more repositories than a token is tried on. */
const VIEW = viewOf(
  {
    ...ACME,
    repositoryList: confirmed(new Set(ids)),
    repositories: new Map(ids.map((id) => [id, confirmed(repository(`many-${id}`))])),
    access: new Map(ids.map((id) => [id, write])),
  },
  { claims: new Map(ids.map((id) => [name(`acme-many-${id}`), held(id)])) },
);

/** What becomes of an upload of which the proxy cannot show the name. */
function upload(sees: (id: number) => Sight | Promise<Sight>) {
  const looks: number[] = [];
  const look = ({ id }: SeenRepository) => {
    looks.push(id);
    return sees(id);
  };
  const verifyToken = () => ({ status: "active", identity: identityOf(ALICE, "alice", { sees: look }) }) as const;
  return during({ ...serving(VIEW), verifyToken }, async ({ port }) => {
    const { status, headers, text } = await askThrough(port, "nginx", ["POST", "/"]);
    return { status, reason: headers["x-packgate-reason"], text, looks };
  });
}

describe("an upload without a name", () => {
  it.each<[string, (id: number) => Sight | Promise<Sight>, number, number]>([
    ["sees all of them", async (): Promise<Sight> => "visible", 200, 1],
    [
      "sees the last one that it is tried on",
      async (id): Promise<Sight> => (id === 219 ? "visible" : "hidden"),
      200,
      20,
    ],
    ["is known to see the very last one", (id) => (id === 224 ? "visible" : "hidden"), 200, COUNT],
    ["sees none, as is known", () => "hidden", 403, COUNT],
  ])("by a token that %s", async (_, sees, status, looks) => {
    const told = await upload(sees);
    expect([told.status, told.looks.length]).toEqual([status, looks]);
  });

  it.each<[string, (id: number) => Sight | Promise<Sight>]>([
    ["on too few of them", async (id): Promise<Sight> => (id === 224 ? "visible" : "hidden")],
    ["in vain on one of them", (id) => (id === 224 ? "unverifiable" : "hidden")],
  ])("is neither denied nor let in where the token was tried %s, and told what helps", async (_, sees) => {
    const { reason, text } = await upload(sees);
    expect([reason, text]).toEqual(["unverifiable", expect.stringContaining("/legacy/NAME/")]);
  });
});
