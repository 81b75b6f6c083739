import * as z from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { LISTING_ERRORS, operation } from "./operation.ts";
import * as pypicloud from "./pypicloud.ts";

/** pypicloud's remote access protocol, in OpenAPI. */
export function pypicloudPaths(): ZodOpenApiPathsObject {
  const { Flag, Names, PermissionMap, PackagePermissions, PypicloudUser } = pypicloud;
  const { VerifyQuery, UserQuery, OptionalUserQuery, GroupQuery, PackageQuery } = pypicloud;
  const held = z.array(PackagePermissions);
  const rows: readonly (readonly [name: string, summary: string, query: z.ZodObject, reply: z.ZodType])[] = [
    ["verify", "Does the token belong to the login?", VerifyQuery, Flag],
    ["groups", "All teams, or those of one person", OptionalUserQuery, Names],
    ["group_members", "Who is in a team", GroupQuery, Names],
    ["admin", "Does this person own the organization?", UserQuery, Flag],
    ["group_permissions", "What the teams may do to a package", PackageQuery, PermissionMap],
    ["user_permissions", "What each person may do to a package", PackageQuery, PermissionMap],
    ["user_package_permissions", "What one person may do", UserQuery, held],
    ["group_package_permissions", "What one team may do", GroupQuery, held],
    [
      "user_data",
      "Everybody, or one person",
      OptionalUserQuery,
      z.union([z.array(PypicloudUser), PypicloudUser, z.null()]),
    ],
  ];
  return Object.fromEntries(
    rows.map(([name, summary, query, reply]) => [
      `/pypicloud/${name}`,
      {
        get: operation(`${summary} (pypicloud's remote access protocol)`, {
          query,
          replies: { 200: reply, ...LISTING_ERRORS },
          guarded: true,
        }),
      },
    ]),
  );
}
