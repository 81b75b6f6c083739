import { z } from "zod";
import type { Role } from "../../domain/facts.ts";
import { githubRoleNamed, levelOf, roleNamed } from "../rest-role.ts";
import { person, repository } from "./payload.ts";
import type { Plan, Planner } from "./plan.ts";
import { plan, UNDER_THE_NEW_NAME } from "./plan.ts";

const team = z.object({ id: z.number(), deleted: z.boolean().optional() });

const membership = z.object({ action: z.string(), member: person.nullable(), team });

/** https://docs.github.com/webhooks/webhook-events-and-payloads#membership */
export const planMembership: Planner = (payload) => {
  const { action, member, team } = membership.parse(payload);
  if (team.deleted === true) return plan({ revoke: [{ kind: "team", team: team.id }], reread: ["teams"] });
  const revoke =
    action === "removed" && member !== null ? [{ kind: "team-member", team: team.id, user: member.id } as const] : [];
  return plan({ revoke, reread: [`team-members/${team.id}`] });
};

const flags = z.partialRecord(z.enum(["admin", "maintain", "push", "triage", "pull"]), z.boolean());
const teamEvent = z.object({
  action: z.string(),
  team,
  repository: repository.extend({ permissions: flags.optional(), role_name: z.string().nullish() }).optional(),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads#team */
export const planTeam: Planner = (payload) => {
  const { action, team, repository } = teamEvent.parse(payload);
  if (action === "deleted") return plan({ revoke: [{ kind: "team", team: team.id }], reread: ["teams"] });
  // The event never tells of a new parent, so each one is a reason to look at the whole tree.
  if (repository === undefined) return plan({ reread: ["teams"] });

  const reread = ["teams", `access/${repository.id}`] as const;
  const grant = { kind: "team-grant", team: team.id, repository: repository.id } as const;
  if (action === "removed_from_repository") return plan({ revoke: [grant], reread });
  const level = action === "edited" ? levelOf(repository.permissions) : undefined;
  if (level === undefined) return plan({ reread });
  return plan({ revoke: [{ ...grant, atMost: roleNamed(repository.role_name ?? level, level) }], reread });
};

const teamAdd = z.object({ repository });

/** https://docs.github.com/webhooks/webhook-events-and-payloads#team_add */
export const planTeamAdd: Planner = (payload) => {
  const { repository } = teamAdd.parse(payload);
  return plan({ reread: ["teams", `access/${repository.id}`] });
};

const change = z.object({ from: z.string().nullish(), to: z.string().nullish() }).optional();
const member = z.object({
  action: z.string(),
  member: person.nullable(),
  repository,
  changes: z.object({ permission: change }).optional(),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads#member */
export const planMember: Planner = (payload) => {
  const { action, member: user, repository, changes } = member.parse(payload);
  const reread = [`access/${repository.id}`] as const;
  if (user === null) return plan({ reread });
  const grant = { kind: "collaborator", user: user.id, repository: repository.id } as const;
  if (action === "removed") return plan({ revoke: [grant], reread });
  const to = action === "edited" ? changes?.permission?.to : undefined;
  return plan({ revoke: typeof to === "string" ? [{ ...grant, ...capAt(to) }] : [], reread });
};

/** A role we cannot rank leaves nothing until it has been read back. */
function capAt(name: string): { atMost?: Role } {
  const level = githubRoleNamed(name);
  return level === undefined ? {} : { atMost: roleNamed(name, level) };
}

const organization = z.object({
  action: z.string(),
  membership: z.object({ user: person.nullable() }).optional(),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads#organization */
export const planOrganization: Planner = (payload) => {
  const { action, membership } = organization.parse(payload);
  const user = membership?.user ?? undefined;
  const discover = user === undefined ? [] : [user];
  switch (action) {
    case "member_added":
      return plan({ reread: ["members"], discover });
    case "member_removed":
      return removed(user?.id, discover);
    case "renamed":
      return plan({ reread: UNDER_THE_NEW_NAME });
    case "deleted":
      return plan({ installation: "lost" });
    default:
      // An invitation gives nothing until it is accepted.
      return plan({});
  }
};

function removed(user: number | undefined, discover: Plan["discover"]): Plan {
  // Somebody made an outside collaborator keeps what their teams gave, as direct grants that no event tells of.
  const reread = ["members", "organization-roles"] as const;
  // Their tokens may see less, too, and are asked about again.
  return plan({ revoke: user === undefined ? [] : [{ kind: "member", user }], reread, discover, forget: user });
}

const orgBlock = z.object({ action: z.string(), blocked_user: person.nullable() });

/** https://docs.github.com/webhooks/webhook-events-and-payloads#org_block */
export const planOrgBlock: Planner = (payload) => {
  const { action, blocked_user: user } = orgBlock.parse(payload);
  if (user === null) return plan({});
  return plan({ revoke: action === "blocked" ? [{ kind: "blocked", user: user.id }] : [], discover: [user] });
};

const appAuthorization = z.object({ sender: person });

/** https://docs.github.com/webhooks/webhook-events-and-payloads#github_app_authorization */
export const planAppAuthorization: Planner = (payload) => {
  const { id } = appAuthorization.parse(payload).sender;
  return plan({ forget: id, endLogins: id });
};
