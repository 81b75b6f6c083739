/**
 * Events by which somebody without the right to write can set off a run, or decide what it does
 * (https://docs.github.com/actions/reference/security/secure-use, "pull_request_target" and "workflow_run").
 */
export const FOREIGN_EVENTS: readonly string[] = ["pull_request", "pull_request_target", "workflow_run"];

/**
 * All others that GitHub Actions runs by, as a run's token has them
 * (https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows). A workflow that is
 * called has the event of its caller.
 */
export const EVENTS: readonly string[] = [
  "branch_protection_rule",
  "check_run",
  "check_suite",
  "create",
  "delete",
  "deployment",
  "deployment_status",
  "discussion",
  "discussion_comment",
  "fork",
  "gollum",
  "image_version",
  "issue_comment",
  "issues",
  "label",
  "merge_group",
  "milestone",
  "page_build",
  "project",
  "project_card",
  "project_column",
  "public",
  "pull_request_review",
  "pull_request_review_comment",
  "push",
  "registry_package",
  "release",
  "repository_dispatch",
  "schedule",
  "status",
  "watch",
  "workflow_dispatch",
];
