import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { pick } from "./client.ts";
import { createSimulator } from "./simulator.ts";

type Example = Record<string, unknown>;
const groups = createRequire(import.meta.url)("@octokit/webhooks-examples/api.github.com/index.json") as {
  name: string;
  examples: Example[];
}[];

/** One payload of each kind that GitHub has published examples of. */
async function payloads(): Promise<Map<string, Example>> {
  const github = createSimulator({ webhookSecret: "a-secret-of-the-tests" });
  const { organization, users, teams, repositories } = acmeOrganization(github);
  const { edit } = github;
  const sent = new Map<string, Example>();
  github.deliverTo(({ event, action, payload }) => {
    sent.set(`${event}.${action}`, payload);
    return Promise.resolve(200);
  });
  edit.addTeamMember(teams.docs, users.alice);
  edit.removeTeamMember(teams.docs, users.alice);
  const team = edit.createTeam(organization, { name: "short-lived" });
  edit.setTeamRepository(team, repositories.core, "read");
  edit.setTeamRepository(team, repositories.core, "write");
  edit.removeTeamRepository(team, repositories.core);
  edit.deleteTeam(team);
  edit.setCollaborator(repositories.tools, users.dave, "read");
  edit.setCollaborator(repositories.tools, users.dave, "write");
  edit.addMember(organization, users.erin);
  edit.inviteMember(organization, users.erin);
  edit.renameOrganization(organization, "acme-inc");
  edit.blockUser(organization, users.dave);
  edit.unblockUser(organization, users.dave);
  edit.createRepository(organization, { name: "new" });
  edit.renameRepository(repositories.shared, "common");
  edit.setVisibility(repositories.core, "public");
  edit.setVisibility(repositories.core, "private");
  edit.receiveRepository(organization, users.erin, { name: "gift" });
  edit.push(repositories.core, { write: { a: "b" } });
  edit.createBranch(repositories.core, "next");
  edit.setDefaultBranch(repositories.core, "next");
  edit.deleteBranch(repositories.core, "main");
  edit.protectBranch(repositories.core, "next");
  edit.revokeAuthorization(users.alice);
  edit.suspendInstallation(organization);
  edit.unsuspendInstallation(organization);
  edit.acceptNewPermissions(organization);
  edit.selectRepositories(organization, [repositories.core]);
  edit.selectRepositories(organization, "all");
  edit.uninstall(organization);
  edit.install(organization);
  await github.settle();
  return sent;
}

/** Members that are in an example only because of what happened there. */
const particular = new Set(["repository.edited changes.description"]);
const deep = ["team", "membership", "repository", "member", "installation", "sender", "organization", "changes"];

describe("payloads and GitHub's published examples", () => {
  it("ours have every member the real ones have", async () => {
    const sent = await payloads();
    const compared = new Set<string>();
    const missing: string[] = [];
    for (const { name, examples } of groups) {
      for (const example of examples) {
        const kind = `${name}.${typeof example["action"] === "string" ? example["action"] : null}`;
        const ours = sent.get(kind);
        if (ours === undefined) continue;
        compared.add(kind);
        const members = [
          ...Object.keys(example),
          ...deep.flatMap((outer) => keys(example[outer]).map((inner) => `${outer}.${inner}`)),
        ];
        for (const member of members) {
          const [outer = "", inner] = member.split(".");
          if (inner !== undefined && ours[outer] === undefined) continue;
          const value = inner === undefined ? ours[outer] : pick(ours[outer], inner);
          if (value === undefined && !particular.has(`${kind} ${member}`)) missing.push(`${kind} ${member}`);
        }
      }
    }
    // a payload about a deleted team says so; ours here is about a team that is still there, or the other way round
    expect(new Set(missing.filter((each) => !each.startsWith("membership.removed team.")))).toEqual(new Set());
    expect(compared.size).toBe(34);
  });
});

function keys(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
