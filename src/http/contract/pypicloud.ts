import * as z from "zod";

/** pypicloud's remote access protocol: what it sends as a query, and what it reads. */

const org = z.string().optional().meta({ description: "Login of the organization; needed where several are served" });
const username = z.string().meta({ description: "A GitHub login", example: "alice" });
const group = z.string().meta({ description: "Slug of a team", example: "platform" });

export const VerifyQuery = z.object({
  username,
  password: z.string().meta({ description: "The user's token", format: "password" }),
  org,
});
export const UserQuery = z.object({ username, org });
export const OptionalUserQuery = z.object({ username: username.optional(), org });
export const GroupQuery = z.object({ group, org });
export const PackageQuery = z.object({
  package: z.string().meta({ description: "Project name in any spelling", example: "acme-core" }),
  org,
});

const Permissions = z.array(z.enum(["read", "write"])).meta({ id: "PypicloudPermissions" });
export type PypicloudPermission = z.infer<typeof Permissions>[number];

export const Flag = z.boolean();
export const Names = z.array(z.string());
export const PermissionMap = z.record(z.string(), Permissions).meta({
  id: "PypicloudPermissionMap",
  description: "By login, or by team slug; never empty for a name that is claimed",
});
export type PermissionMap = z.infer<typeof PermissionMap>;
export const PackagePermissions = z.object({ package: z.string(), permissions: Permissions });
export type PackagePermissions = z.infer<typeof PackagePermissions>;
export const PypicloudUser = z.object({ username, admin: z.boolean(), groups: Names.optional() });
export type PypicloudUser = z.infer<typeof PypicloudUser>;
