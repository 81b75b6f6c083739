import { z } from "zod";
import { GITHUB_ROLES } from "../../domain/facts.ts";

/** GitHub's replies, reduced to what is read of them. Everything else in a reply is ignored. */

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

export const githubRole = z.enum(GITHUB_ROLES);

export const organization = z.object({
  id: z.number(),
  login: z.string(),
  // Absent when the App may not see it (docs.github.com, "Get an organization").
  default_repository_permission: z.enum(["none", "read", "write", "admin"]).nullish(),
});

export const membersPage = z.object({
  organization: z.object({
    membersWithRole: z.object({
      pageInfo,
      edges: z.array(
        z.object({ role: z.enum(["ADMIN", "MEMBER"]), node: z.object({ databaseId: z.number(), login: z.string() }) }),
      ),
    }),
  }),
});

export const teamsPage = z.object({
  organization: z.object({
    teams: z.object({
      pageInfo,
      nodes: z.array(
        z.object({
          id: z.string(),
          databaseId: z.number(),
          slug: z.string(),
          parentTeam: z.object({ databaseId: z.number() }).nullable(),
        }),
      ),
    }),
  }),
});

const teamMembers = z.object({ pageInfo, nodes: z.array(z.object({ databaseId: z.number() })) });
export const teamMembersPage = z.object({
  nodes: z.array(z.object({ databaseId: z.number(), members: teamMembers }).nullable()),
});

export const blob = z.object({
  byteSize: z.number(),
  isBinary: z.boolean().nullable(),
  isTruncated: z.boolean(),
  text: z.string().nullable(),
});
/** `object` is empty for what is no blob: a directory, a submodule. */
export const treeEntry = z.object({
  path: z.string(),
  mode: z.number(),
  object: z.union([blob, z.object({})]).nullable(),
});
export const commit = z.object({ oid: z.string() }).catchall(z.union([treeEntry.nullable(), z.string()]));

export const repository = z.object({
  id: z.string(),
  databaseId: z.number(),
  name: z.string(),
  visibility: z.enum(["PUBLIC", "INTERNAL", "PRIVATE"]),
  isArchived: z.boolean(),
  isFork: z.boolean(),
  createdAt: z.string(),
  owner: z.object({ databaseId: z.number().optional() }),
  /** `null` in a repository without commits. */
  defaultBranchRef: z.object({ name: z.string(), target: commit.nullable() }).nullable(),
});
export type RepositoryNode = z.infer<typeof repository>;

export const repositoriesPage = z.object({
  organization: z.object({ repositories: z.object({ pageInfo, nodes: z.array(repository) }) }),
});
export const repositoriesByNode = z.object({ nodes: z.array(repository.nullable()) });

export const filesAtCommit = z.object({ node: z.object({ object: commit.nullable() }).nullable() });

export const restRepository = z.object({ id: z.number(), node_id: z.string(), owner: z.object({ id: z.number() }) });

export const tree = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), type: z.string() })),
});

const collaborators = z.object({
  pageInfo,
  edges: z
    .array(
      z.object({
        node: z.object({ databaseId: z.number(), login: z.string() }),
        permissionSources: z.array(
          z.object({
            permission: z.enum(["ADMIN", "WRITE", "READ", "NONE"]),
            roleName: z.string().nullable(),
            source: z.object({ __typename: z.string() }),
          }),
        ),
      }),
    )
    .nullable(),
});
export type Collaboration = z.infer<typeof collaborators>;
export type CollaboratorEdge = NonNullable<Collaboration["edges"]>[number];
export const collaboratorsPage = z.object({
  nodes: z.array(z.object({ databaseId: z.number(), collaborators: collaborators.nullable() }).nullable()),
});

const contentFile = z.object({
  type: z.enum(["file", "symlink", "submodule"]),
  path: z.string(),
  /** Names the repository that was read, wherever GitHub led. */
  url: z.string(),
  size: z.number(),
  /** `none` for more than 1 MB. */
  encoding: z.string().optional(),
  content: z.string().optional(),
});
/** REST "Get repository content": one file, or what a directory holds. */
export const repositoryContent = z.union([contentFile, z.array(z.object({ path: z.string() }))]);

export const repositoryTeams = z.array(
  z.object({
    id: z.number(),
    permission: z.string(),
    permissions: z
      .object({
        pull: z.boolean(),
        triage: z.boolean(),
        push: z.boolean(),
        maintain: z.boolean(),
        admin: z.boolean(),
      })
      .optional(),
  }),
);

export const organizationRoles = z.object({
  roles: z.array(z.object({ id: z.number(), name: z.string(), base_role: z.string().nullish() })),
});
/** Users or teams that have an organization role; `indirect`: only through a team, or through a parent team. */
export const roleHolders = z.array(
  z.object({ id: z.number(), assignment: z.enum(["direct", "indirect", "mixed"]).optional() }),
);
export const customRoles = z.object({ custom_roles: z.array(z.object({ name: z.string(), base_role: githubRole })) });

export const teamsOf = z.object({
  organization: z.object({ teams: z.object({ pageInfo, nodes: z.array(z.object({ databaseId: z.number() })) }) }),
});
export const directGrants = z.object({
  nodes: z.array(
    z
      .object({
        databaseId: z.number(),
        collaborators: z.object({ nodes: z.array(z.object({ databaseId: z.number() })).nullable() }).nullable(),
      })
      .nullable(),
  ),
});
