import type { RepositoryChoice } from "../domain/policy.ts";
import type { ManifestReaders } from "../github/reader/manifests.ts";
import {
  filesAt,
  memberManifests,
  placesOf,
  readManifests,
  ROOT_MANIFESTS,
  workspaceGlobs,
} from "../manifests/index.ts";

/** How the manifests of a repository are found and read: where the policy has them, or where the formats have theirs. */
export function manifestReaders({ manifests }: Pick<RepositoryChoice, "manifests">): ManifestReaders {
  if (manifests === undefined) return DEFAULT;
  const places = placesOf(manifests);
  return {
    roots: places.paths,
    members: () => (places.globs.length === 0 ? undefined : (paths) => filesAt(places, paths)),
    read: readManifests,
  };
}

const DEFAULT: ManifestReaders = {
  roots: ROOT_MANIFESTS,
  members: (files) => {
    const workspace = workspaceGlobs(files);
    return workspace && ((paths) => memberManifests(workspace, paths));
  },
  read: readManifests,
};
