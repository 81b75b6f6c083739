import { addCommit, type FileInput, fileOf, headCommit, zeroSha } from "../git.ts";
import type { Commit, File, Organization, Repository } from "../model.ts";
import { web } from "../resources/account.ts";
import { commitPayload, pushedRepository } from "../webhooks/push-payload.ts";
import { organizationOf } from "../world.ts";
import type { Editor } from "./editor.ts";

export type Push = {
  branch?: string;
  write?: Record<string, FileInput>;
  remove?: string[];
  message?: string;
  /** Replaces the branch's last commit instead of adding to it. */
  force?: boolean;
};

/** What reaches a branch. */
export function pushEdits(editor: Editor) {
  const { edit, emit } = editor;

  type Move = { branch: string; before: string; after: string; forced?: boolean; commits: Commit[] };
  const announce = (organization: Organization, repository: Repository, move: Move): void => {
    const sender = editor.sender(organization);
    const payloads = move.commits.map((commit) => {
      const parent = repository.commits.get(commit.parent ?? "");
      return commitPayload(organization, repository, commit, parent, sender);
    });
    emit(
      "push",
      null,
      organization,
      {
        ref: `refs/heads/${move.branch}`,
        before: move.before,
        after: move.after,
        created: move.before === zeroSha,
        deleted: move.after === zeroSha,
        forced: move.forced ?? false,
        base_ref: null,
        compare: `${web}/${organization.login}/${repository.name}/compare/${move.before.slice(0, 12)}...${move.after.slice(0, 12)}`,
        commits: payloads,
        head_commit: payloads.at(-1) ?? null,
        pusher: { name: sender.login, email: `${sender.login}@users.noreply.github.com` },
        repository: pushedRepository(organization, repository),
      },
      repository,
    );
  };
  const pushed = (organization: Organization, repository: Repository): void => {
    if (repository.archived) throw new Error(`${repository.name} is archived, so read-only`);
    repository.pushedAt = editor.now();
    editor.touch(repository);
    editor.contentChanged(organization, repository);
  };
  const reference = (
    organization: Organization,
    repository: Repository,
    event: "create" | "delete",
    branch: string,
  ): void => {
    const created = { master_branch: repository.defaultBranch, description: repository.description };
    const parts = { ref: branch, ref_type: "branch", pusher_type: "user", ...(event === "create" && created) };
    emit(event, null, organization, parts, repository);
  };

  return {
    push: edit((repository: Repository, options: Push): Commit => {
      const organization = organizationOf(editor.world, repository);
      const branch = options.branch ?? repository.defaultBranch;
      const head = headCommit(repository, branch);
      const parent =
        options.force === true ? repository.commits.get(head?.parent ?? "") : (head ?? headCommit(repository));
      const files = new Map<string, File>(parent?.files);
      for (const path of options.remove ?? []) {
        if (!files.delete(path)) throw new Error(`${repository.name} has no ${path}`);
      }
      for (const [path, input] of Object.entries(options.write ?? {})) files.set(path, fileOf(input));
      const message = options.message ?? "Change files";
      const commit = addCommit(repository, { parent: parent?.sha ?? null, message, at: editor.now(), files }, branch);
      pushed(organization, repository);
      const move = { branch, before: head?.sha ?? zeroSha, after: commit.sha, forced: options.force === true };
      announce(organization, repository, { ...move, commits: [commit] });
      if (head === undefined) reference(organization, repository, "create", branch);
      return commit;
    }),

    /** A force push to a commit the repository already has: no commit is listed, yet every file may have changed. */
    resetBranch: edit((repository: Repository, to: string, branch: string = repository.defaultBranch) => {
      const organization = organizationOf(editor.world, repository);
      if (!repository.commits.has(to)) throw new Error(`${repository.name} has no commit ${to}`);
      const before = repository.branches.get(branch) ?? zeroSha;
      repository.branches.set(branch, to);
      pushed(organization, repository);
      announce(organization, repository, { branch, before, after: to, forced: true, commits: [] });
    }),

    createBranch: edit((repository: Repository, branch: string, from: string = repository.defaultBranch) => {
      const organization = organizationOf(editor.world, repository);
      const head = headCommit(repository, from);
      if (head === undefined || repository.branches.has(branch))
        throw new Error(`cannot create ${branch} from ${from}`);
      repository.branches.set(branch, head.sha);
      pushed(organization, repository);
      reference(organization, repository, "create", branch);
      announce(organization, repository, { branch, before: zeroSha, after: head.sha, commits: [] });
    }),

    deleteBranch: edit((repository: Repository, branch: string) => {
      const organization = organizationOf(editor.world, repository);
      if (branch === repository.defaultBranch) throw new Error("the default branch cannot be deleted");
      const before = repository.branches.get(branch);
      if (before === undefined) throw new Error(`${repository.name} has no branch ${branch}`);
      repository.branches.delete(branch);
      pushed(organization, repository);
      reference(organization, repository, "delete", branch);
      announce(organization, repository, { branch, before, after: zeroSha, commits: [] });
    }),
  };
}
