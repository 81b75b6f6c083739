import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { SeenRepository, Sight } from "../../src/http/service.ts";
import { ACME, ALICE, viewOf } from "./acme.ts";
import type { Reply } from "./helpers.ts";
import { askAuthorize, askIntrospect, during, identityOf, serving, TOKEN } from "./helpers.ts";

const proof = (read: "identity" | "repository", upload: "identity" | "repository") =>
  viewOf(ACME, { policy: { ...DEFAULT_POLICY, tokens: { proof: { ...DEFAULT_POLICY.tokens.proof, read, upload } } } });

/** What alice gets whose token sees so much, under such a policy. */
function asked(
  action: string,
  view: ReturnType<typeof proof>,
  sight: Sight | Promise<Sight>,
  remembered = false,
): Promise<{ reply: Reply; looks: SeenRepository[] }> {
  const looks: SeenRepository[] = [];
  const sees = (repository: SeenRepository) => {
    looks.push(repository);
    return sight;
  };
  const identity = identityOf(ALICE, "alice", { sees });
  const check = remembered
    ? ({ status: "unverifiable", reason: "github", lastKnown: identity } as const)
    : ({ status: "active", identity } as const);
  return during({ ...serving(view), verifyToken: () => check }, async ({ port }) => ({
    reply: await askAuthorize(port, { package: "acme-core", action, token: TOKEN }),
    looks,
  }));
}

describe("[tokens] proof", () => {
  it("asks whether the token sees the repository by its number, its owner and its name", async () => {
    const { reply, looks } = await asked("upload", proof("identity", "repository"), "visible");
    expect(reply.status).toBe(200);
    expect(looks).toStrictEqual([{ id: 100, organization: 1, owner: "acme", name: "core" }]);
  });

  it.each([
    ["read", "identity", "hidden", 200, 0],
    ["read", "repository", "hidden", 403, 1],
    ["read", "repository", "visible", 200, 1],
    ["read", "repository", "unverifiable", 503, 1],
    ["upload", "identity", "hidden", 200, 0],
    ["upload", "repository", "hidden", 403, 1],
    ["upload", "repository", "unverifiable", 503, 1],
  ] as const)("%s by %s with a repository that is %s: %i", async (action, wanted, sight, status, looks) => {
    const view = action === "read" ? proof(wanted, "repository") : proof("identity", wanted);
    for (const given of [sight, Promise.resolve(sight)]) {
      const told = await asked(action, view, given);
      expect([told.reply.status, told.looks.length]).toStrictEqual([status, looks]);
      expect(status === 403 ? told.reply.json["reason"] : "token-scope").toBe("token-scope");
    }
  });

  it("holds for a person who is only remembered, too", async () => {
    const { reply } = await asked("read", proof("repository", "repository"), "unverifiable", true);
    expect(reply.json).toMatchObject({ decision: "unknown", reason: "unverifiable" });
    expect((await asked("read", proof("identity", "repository"), "hidden", true)).reply.status).toBe(200);
  });

  it("is asked for at once and decided by what is so afterwards: another repository by then is unknown", async () => {
    const before = proof("identity", "repository");
    const after = viewOf(ACME, {
      claims: new Map(
        [...before.claims].map(([name, claim]) => [
          name,
          claim.status === "held" ? { ...claim, repository: 102 } : claim,
        ]),
      ),
    });
    let view = before;
    const sees = async (): Promise<Sight> => {
      view = after;
      return "visible";
    };
    const organizations = () => [{ id: 1, login: "acme", view: () => view, confirm: () => Promise.resolve() }];
    const identity = identityOf(ALICE, "alice", { sees });
    await during({ organizations, verifyToken: () => ({ status: "active", identity }) }, async ({ port }) => {
      const { json } = await askAuthorize(port, { package: "acme-core", action: "upload", token: TOKEN });
      expect(json).toMatchObject({ decision: "unknown", reason: "unverifiable" });
    });
  });

  it("makes an introspection unavailable where nobody can say, and shortens one without a package", async () => {
    const identity = identityOf(ALICE, "alice", { sees: () => "unverifiable" });
    await during({ verifyToken: () => ({ status: "active", identity }) }, async ({ port }) => {
      expect((await askIntrospect(port, { token: TOKEN, package: "acme-core" })).status).toBe(503);
      expect((await askIntrospect(port, { token: TOKEN })).json).toMatchObject({ permissions_truncated: true });
    });
  });

  it("is unknown of an installation with too many repositories to look at, with what to do", async () => {
    const identity = { repositories: new Set<number>(), complete: false, checkedAt: 0, expiresAt: 1 };
    await during({ verifyToken: () => ({ status: "installation", identity }) }, async ({ port }) => {
      const { status, json } = await askAuthorize(port, { package: "acme-core", action: "read", token: TOKEN });
      expect([status, json]).toMatchObject([
        503,
        {
          reason: "unverifiable",
          message: expect.stringMatching(/make it for fewer, or show a token of a person or of the run$/),
        },
      ]);
    });
  });
});
