import type { Policy } from "../domain/policy.ts";
import { DEFAULT_POLICY } from "../domain/policy.ts";
import type { PolicyFile } from "./schema.ts";

const DAY_MS = 86_400_000;

/**
 * What the file says, in the words of the domain; by default where it says nothing.
 *
 * @param lineOf the line of what stands at a path of the file
 */
export function buildPolicy(file: PolicyFile, lineOf: (path: readonly PropertyKey[]) => number): Policy {
  const { repositories, names, read, tokens } = DEFAULT_POLICY;
  const roles = [...(file.roles ?? [])].map(([name, { key, value }]) => {
    const { permissions, label } = value;
    return [name, { permissions, label, line: lineOf(["roles", key]) }] as const;
  });
  const pins = [...(file.packages ?? [])].map(([name, { key, value }]) => {
    return [name, { repository: value.repository, line: lineOf(["packages", key]) }] as const;
  });
  const reserved = [...(file.names?.reserved ?? [])].map(([pattern, { key, value }]) => {
    return { pattern, repositories: value, line: lineOf(["names", "reserved", key]) };
  });
  const publishers = [...(file.publishers ?? [])].map(([repositories, { key, value }]) => {
    return { repositories, when: value, line: lineOf(["publishers", key]) };
  });
  const retireDays = file.names?.retire_days;
  const proof = file.tokens?.proof;
  return {
    roles: new Map(roles),
    repositories: {
      include: file.repositories?.include ?? repositories.include,
      exclude: file.repositories?.exclude ?? repositories.exclude,
      pattern: file.repositories?.pattern ?? repositories.pattern,
      manifests: file.repositories?.manifests ?? repositories.manifests,
      archived: file.repositories?.archived ?? repositories.archived,
    },
    names: {
      claim: file.names?.claim ?? names.claim,
      reserved,
      retirementMs: retireDays === undefined ? names.retirementMs : retireDays * DAY_MS,
    },
    packages: new Map(pins),
    read: {
      publicRepositories: file.read?.public_repositories ?? read.publicRepositories,
      unclaimed: file.read?.unclaimed ?? read.unclaimed,
    },
    tokens: {
      proof: {
        read: proof?.read ?? tokens.proof.read,
        upload: proof?.upload ?? tokens.proof.upload,
        yank: proof?.yank ?? tokens.proof.yank,
        delete: proof?.delete ?? tokens.proof.delete,
        manage: proof?.manage ?? tokens.proof.manage,
      },
    },
    publishers,
    rules: (file.rules ?? []).map(({ who, packages, indexes, permissions, effect, when }, index) => ({
      who,
      packages,
      indexes,
      permissions,
      effect,
      when: { visibility: when?.visibility, environment: when?.environment, ref: when?.ref },
      line: lineOf(["rules", index]),
    })),
  };
}
