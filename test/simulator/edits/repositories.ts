import { addCommit, type FileInput, filesOf, headCommit } from "../git.ts";
import type { Organization, Repository, User, Visibility } from "../model.ts";
import { simpleOrganization, simpleUser } from "../resources/account.ts";
import { repositoryReference } from "../resources/repository.ts";
import { addRepository, dropRepository, organizationOf, renameRepositoryIn } from "../world.ts";
import type { Editor } from "./editor.ts";
import { forkPayload } from "../webhooks/push-payload.ts";
import { announceInstallationRepositories } from "./installation.ts";

export type NewRepository = {
  name: string;
  visibility?: Visibility;
  defaultBranch?: string;
  description?: string;
  /** The content a template or an import brings along: there before the event, and no push tells of it. */
  files?: Record<string, FileInput>;
  /** The creator becomes an admin of it. */
  creator?: User;
};

export function newRepository(
  editor: Pick<Editor, "nextId" | "now">,
  organization: Organization,
  options: NewRepository,
): Repository {
  const now = editor.now();
  const repository: Repository = {
    id: editor.nextId(),
    organizationId: organization.id,
    name: options.name,
    description: options.description ?? null,
    visibility: options.visibility ?? "private",
    archived: false,
    disabled: false,
    parentId: null,
    defaultBranch: options.defaultBranch ?? "main",
    branches: new Map(),
    commits: new Map(),
    collaborators: new Map(options.creator ? [[options.creator.id, "admin"]] : []),
    createdAt: now,
    updatedAt: now,
    pushedAt: null,
  };
  if (options.files !== undefined) {
    const files = filesOf(options.files);
    addCommit(repository, { parent: null, message: "Initial commit", at: now, files }, repository.defaultBranch);
    repository.pushedAt = now;
  }
  return repository;
}

/** Repositories come, change, and go. */
export function repositoryEdits(editor: Editor) {
  const { edit, emit } = editor;

  const added = (organization: Organization, repository: Repository): void => {
    addRepository(organization, repository);
    editor.contentChanged(organization, repository);
  };
  const gone = (organization: Organization, repository: Repository): void => {
    dropRepository(organization, repository);
    editor.contentChanged(organization, repository);
  };
  const announce = (repository: Repository, action: string, changes?: Record<string, unknown>): void =>
    emit(
      "repository",
      action,
      organizationOf(editor.world, repository),
      changes === undefined ? {} : { changes },
      repository,
    );

  return {
    createRepository: edit((organization: Organization, options: NewRepository): Repository => {
      const repository = newRepository(editor, organization, options);
      added(organization, repository);
      announce(repository, "created");
      return repository;
    }),

    forkRepository: edit((source: Repository, organization: Organization, name: string = source.name): Repository => {
      const { visibility, defaultBranch } = source;
      const fork = newRepository(editor, organization, { name, visibility, defaultBranch });
      fork.parentId = source.id;
      const head = headCommit(source);
      if (head !== undefined) addCommit(fork, head, defaultBranch);
      added(organization, fork);
      const home = organizationOf(editor.world, source);
      emit("fork", null, home, { forkee: forkPayload(organization, fork) }, source);
      announce(fork, "created");
      return fork;
    }),

    deleteRepository: edit((repository: Repository) => {
      const organization = organizationOf(editor.world, repository);
      announce(repository, "deleted");
      announceInstallationRepositories(editor, organization, {
        removed: [repositoryReference(organization, repository)],
      });
      gone(organization, repository);
    }),

    renameRepository: edit((repository: Repository, name: string) => {
      const from = repository.name;
      renameRepositoryIn(organizationOf(editor.world, repository), repository, name);
      editor.touch(repository);
      announce(repository, "renamed", { repository: { name: { from } } });
    }),

    /** To another organization of this world, or out of it. Team grants stay behind; direct collaborators go along. */
    transferRepository: edit((repository: Repository, to: Organization | null) => {
      const from = organizationOf(editor.world, repository);
      const reference = repositoryReference(from, repository);
      gone(from, repository);
      announceInstallationRepositories(editor, from, { removed: [reference] });
      if (to === null) return;
      repository.organizationId = to.id;
      editor.touch(repository);
      added(to, repository);
      announce(repository, "transferred", { owner: { from: { organization: simpleOrganization(from) } } });
      announceInstallationRepositories(editor, to, { added: [repositoryReference(to, repository)] });
    }),

    /** From a user's account that is not part of this world. */
    receiveRepository: edit((organization: Organization, from: User, options: NewRepository): Repository => {
      const repository = newRepository(editor, organization, options);
      repository.collaborators.set(from.id, "admin");
      added(organization, repository);
      announce(repository, "transferred", { owner: { from: { user: simpleUser(from) } } });
      announceInstallationRepositories(editor, organization, {
        added: [repositoryReference(organization, repository)],
      });
      return repository;
    }),

    archiveRepository: edit((repository: Repository) => {
      if (repository.archived) return;
      repository.archived = true;
      editor.touch(repository);
      announce(repository, "archived");
    }),

    unarchiveRepository: edit((repository: Repository) => {
      if (!repository.archived) return;
      repository.archived = false;
      editor.touch(repository);
      announce(repository, "unarchived");
    }),

    /** Between private and internal GitHub has no action to send, so nothing is. */
    setVisibility: edit((repository: Repository, visibility: Visibility) => {
      const before = repository.visibility;
      if (before === visibility) return;
      repository.visibility = visibility;
      editor.touch(repository);
      if (visibility === "public") {
        announce(repository, "publicized");
        emit("public", null, organizationOf(editor.world, repository), {}, repository);
      } else if (before === "public") announce(repository, "privatized");
    }),

    setDefaultBranch: edit((repository: Repository, branch: string) => {
      if (!repository.branches.has(branch)) throw new Error(`${repository.name} has no branch ${branch}`);
      const from = repository.defaultBranch;
      if (from === branch) return;
      repository.defaultBranch = branch;
      editor.touch(repository);
      editor.contentChanged(organizationOf(editor.world, repository), repository);
      announce(repository, "edited", { default_branch: { from } });
    }),

    /** Protection changes no role; the events exist to be ignored. */
    protectBranch: edit((repository: Repository, branch: string) => {
      const rule = { ...protectionRule, id: editor.nextId(), repository_id: repository.id, name: branch };
      const times = {
        created_at: new Date(editor.now()).toISOString(),
        updated_at: new Date(editor.now()).toISOString(),
      };
      const organization = organizationOf(editor.world, repository);
      emit("branch_protection_rule", "created", organization, { rule: { ...rule, ...times } }, repository);
    }),

    addRuleset: edit((repository: Repository, name: string) => {
      const organization = organizationOf(editor.world, repository);
      const source = `${organization.login}/${repository.name}`;
      const ruleset = {
        id: editor.nextId(),
        name,
        target: "branch",
        source_type: "Repository",
        source,
        enforcement: "active",
      };
      emit("repository_ruleset", "created", organization, { repository_ruleset: ruleset }, repository);
    }),
  };
}

const protectionRule = {
  admin_enforced: false,
  allow_deletions_enforcement_level: "off",
  allow_force_pushes_enforcement_level: "off",
  authorized_actor_names: [],
  authorized_actors_only: false,
  authorized_dismissal_actors_only: false,
  dismiss_stale_reviews_on_push: false,
  ignore_approvals_from_contributors: false,
  linear_history_requirement_enforcement_level: "off",
  lock_branch_enforcement_level: "off",
  merge_queue_enforcement_level: "off",
  pull_request_reviews_enforcement_level: "off",
  require_code_owner_review: false,
  required_approving_review_count: 0,
  required_conversation_resolution_level: "off",
  required_deployments_enforcement_level: "off",
  required_status_checks: [],
  required_status_checks_enforcement_level: "off",
  signature_requirement_enforcement_level: "off",
  strict_required_status_checks_policy: false,
};
