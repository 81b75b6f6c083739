import { describe, expect, it } from "vitest";
import { generateOrganization, type OrganizationShape } from "./generate.ts";
import type { Organization } from "./model.ts";
import { truth } from "./oracle.ts";
import { createSimulator } from "./simulator.ts";

const shape: OrganizationShape = {
  seed: 5,
  login: "big",
  repositories: 300,
  packages: 90,
  members: 150,
  teams: 100,
  depth: 3,
  owners: 2,
  outsideCollaborators: 10,
  customRoles: 2,
};

function generate(changes: Partial<OrganizationShape> = {}): {
  organization: Organization;
  github: ReturnType<typeof createSimulator>;
} {
  const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", clock: () => Date.UTC(2026, 0, 1) });
  return { github, organization: generateOrganization(github, { ...shape, ...changes }) };
}

describe("a generated organization", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(generate().organization).toEqual(generate().organization);
    expect(generate({ seed: 6 }).organization).not.toEqual(generate().organization);
  });

  it("has the shape that was asked for, and announces nothing", async () => {
    const { organization, github } = generate();
    await github.settle();
    const teams = [...organization.teams.values()];
    expect([organization.repositories.size, organization.members.size, teams.length, organization.claims.size]).toEqual(
      [300, 150, 100, 90],
    );
    expect(teams.filter((team) => team.parentId === null)).toHaveLength(10);
    expect([...organization.members.values()].filter((role) => role === "admin")).toHaveLength(2);
    expect(github.world.users.size).toBe(160);
    expect(github.deliveries).toEqual([]);
  });

  it("holds every package's name in its own repository", () => {
    const { organization, github } = generate();
    const [owner = 0] = organization.members.keys();
    for (const repository of organization.repositories.values()) {
      if (!repository.name.startsWith("package-")) continue;
      const found = truth(github.world, organization, owner, `big-${repository.name}`, github.clock());
      expect(found.repository).toBe(repository.id);
      expect(found.permissions.size).toBe(repository.archived ? 1 : 5);
    }
  });

  it("can be as large as the largest", () => {
    const { organization } = generate({ repositories: 10_000, packages: 3_000, members: 5_000, teams: 1_000 });
    const depths = [...organization.teams.values()].map((team) => team.slug.split("-")[1]);
    expect(["0", "1", "2"].map((depth) => depths.filter((each) => each === depth).length)).toEqual([100, 300, 600]);
    expect(organization.claims.size).toBe(3_000);
  });
});
