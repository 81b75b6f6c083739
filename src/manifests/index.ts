export { ROOT_MANIFESTS } from "./formats.ts";
export { readManifests } from "./read.ts";
export type { SourceFile } from "./source-file.ts";
export { memberManifests, workspaceGlobs } from "./workspace.ts";
