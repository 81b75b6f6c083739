import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leaks } from "./support/against-truth.ts";
import type { Virtual } from "./support/virtual.ts";
import { startVirtual } from "./support/virtual.ts";

const SECOND = 1000;

describe("a right that is taken away and given back", () => {
  let world: Virtual;
  beforeEach(async () => {
    world = await startVirtual();
  });
  afterEach(() => world.stop());

  const upload = async (): Promise<unknown> => {
    const { body } = await world.packgate.ask({ user: "alice", action: "upload", package: "acme-core" });
    return body["decision"];
  };

  it("within five seconds is there again with an echo, ten seconds later", async () => {
    const { github, acme, pass } = world;
    expect(await upload()).toBe("allow");
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await github.settle();
    expect(await upload()).toBe("deny");
    github.edit.addTeamMember(acme.teams.backend, acme.users.alice);
    await pass(4 * SECOND);
    expect(await upload()).toBe("deny");
    await pass(6 * SECOND);
    expect(await upload()).toBe("allow");
  });

  it("later is there again as soon as it has been read", async () => {
    const { github, acme, pass } = world;
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await pass(5 * SECOND);
    github.edit.addTeamMember(acme.teams.backend, acme.users.alice);
    await pass(SECOND);
    expect(await upload()).toBe("allow");
  });

  it("to an outside collaborator, who was a member, is there again with an echo", async () => {
    const { github, acme, pass } = world;
    github.edit.convertToOutsideCollaborator(acme.organization, acme.users.alice);
    await pass(SECOND);
    expect(await upload()).toBe("deny");
    await pass(10 * SECOND);
    expect(await upload()).toBe("allow");
  });

  it("by replicas alone is not, while they lag no longer than five seconds", async () => {
    const { github, acme, pass, packgate } = world;
    github.faults.lag(4 * SECOND);
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    for (let second = 0; second < 70; second += 1) {
      await pass(SECOND);
      expect(leaks(github, packgate.service)).toEqual([]);
    }
    expect(await upload()).toBe("deny");
  });
});
