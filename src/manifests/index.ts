export { ROOT_MANIFESTS } from "./formats.ts";
export { filesAt, placesOf } from "./places.ts";
export { readManifests } from "./read.ts";
export type { SourceFile } from "./source-file.ts";
export { textOf } from "./source-file.ts";
export { memberManifests, workspaceGlobs } from "./workspace.ts";
