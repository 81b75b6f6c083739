import { collaboratorEdits } from "./collaborators.ts";
import type { Editor } from "./editor.ts";
import { installationEdits } from "./installation.ts";
import { membershipEdits } from "./membership.ts";
import { organizationEdits } from "./organization.ts";
import { pushEdits } from "./pushes.ts";
import { repositoryEdits } from "./repositories.ts";
import { teamEdits } from "./teams.ts";

export type Edits = ReturnType<typeof createEdits>;

export function createEdits(editor: Editor) {
  return {
    ...organizationEdits(editor),
    ...membershipEdits(editor),
    ...teamEdits(editor),
    ...collaboratorEdits(editor),
    ...repositoryEdits(editor),
    ...pushEdits(editor),
    ...installationEdits(editor),
  };
}
