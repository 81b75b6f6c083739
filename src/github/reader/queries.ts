/** The GraphQL documents. A query's name is what logs and failures call it. */

const PAGE = "pageInfo { hasNextPage endCursor }";

export const MEMBERS = `query Members($login: String!, $after: String) {
  organization(login: $login) {
    membersWithRole(first: 100, after: $after) { ${PAGE} edges { role node { databaseId login } } }
  }
}`;

export const TEAMS = `query Teams($login: String!, $after: String) {
  organization(login: $login) {
    teams(first: 100, after: $after) { ${PAGE} nodes { id databaseId slug parentTeam { databaseId } } }
  }
}`;

// IMMEDIATE leaves out the members of child teams: inheritance is ours to compute.
export const TEAM_MEMBERS = `query TeamMembers($ids: [ID!]!, $after: String) {
  nodes(ids: $ids) {
    ... on Team { databaseId members(membership: IMMEDIATE, first: 100, after: $after) { ${PAGE} nodes { databaseId } } }
  }
}`;

const BLOB = "... on Blob { byteSize isBinary isTruncated text }";

/** Asks a commit for files, under the aliases `f0`, `f1`, …: `Commit.file` gives the mode, and so shows symbolic links. */
function filesOf(paths: readonly string[]): string {
  return paths
    .map((path, index) => `f${index}: file(path: ${JSON.stringify(path)}) { path mode object { ${BLOB} } }`)
    .join(" ");
}

const repositoryFields = (manifests: readonly string[]): string => `
  id databaseId name visibility isArchived isFork createdAt
  owner { ... on Organization { databaseId } ... on User { databaseId } }
  defaultBranchRef { name target { ... on Commit { oid ${filesOf(manifests)} } } }`;

/** @param manifests the paths to read in each default branch */
export const repositoriesQuery = (
  manifests: readonly string[],
): string => `query Repositories($login: String!, $first: Int!, $after: String) {
  organization(login: $login) {
    repositories(first: $first, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      ${PAGE} nodes { ${repositoryFields(manifests)} }
    }
  }
}`;

export const repositoriesByIdQuery = (manifests: readonly string[]): string => `query RepositoriesById($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Repository { ${repositoryFields(manifests)} } }
}`;

export const filesQuery = (paths: readonly string[]): string => `query Files($id: ID!, $oid: GitObjectID!) {
  node(id: $id) { ... on Repository { object(oid: $oid) { ... on Commit { oid ${filesOf(paths)} } } } }
}`;

// `permission` on the edge is the effective one, teams and all; only the sources tell what was given directly.
export const COLLABORATORS = `query Collaborators($ids: [ID!]!, $after: String) {
  nodes(ids: $ids) {
    ... on Repository {
      databaseId
      collaborators(affiliation: DIRECT, first: 100, after: $after) {
        ${PAGE}
        edges { node { databaseId login } permissionSources { permission roleName source { __typename } } }
      }
    }
  }
}`;

export const TEAMS_OF = `query TeamsOf($org: String!, $login: String!, $after: String) {
  organization(login: $org) { teams(first: 100, after: $after, userLogins: [$login]) { ${PAGE} nodes { databaseId } } }
}`;

export const DIRECT_GRANTS = `query DirectGrants($ids: [ID!]!, $user: String!) {
  nodes(ids: $ids) {
    ... on Repository { databaseId collaborators(affiliation: DIRECT, login: $user, first: 1) { nodes { databaseId } } }
  }
}`;
