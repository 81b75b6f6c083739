import type { AllowReason } from "../domain/decide.ts";
import { shownRole } from "../domain/roles.ts";
import type { EvidenceReply } from "./replies.ts";

const SOURCE = {
  owner: "being an owner of the organization",
  "organization-role": "organization role",
  team: "team",
  collaborator: "being a collaborator of the repository",
  base: "the organization's base permission",
  public: "the repository being visible to every member",
  rule: "rule",
  workflow: "being a workflow's run",
} as const satisfies Record<AllowReason, string>;

/** One granting path in words: `team platform (through backend): write`; or a rule: `rule packgate.toml:12`. */
export function evidenceSentence({ kind, name, team, via, viaOmitted, role, label, rule }: EvidenceReply): string {
  const given = role ? `: ${shownRole({ name: role, label: label ?? role })}` : "";
  const holder = team ? (kind === "team" ? ` ${team}` : `, held by team ${team}`) : "";
  const more = viaOmitted ? ` and ${viaOmitted} more` : "";
  const through = via && via.length > 0 ? ` (through ${via.join(", ")}${more})` : "";
  return `${sourceOf(kind)}${name ? ` ${name}` : ""}${holder}${through}${rule ? ` ${rule}` : ""}${given}`;
}

/** What a newer server knows and we do not is shown by its own name. */
function sourceOf(kind: string): string {
  return Object.entries(SOURCE).find(([known]) => known === kind)?.[1] ?? kind;
}
