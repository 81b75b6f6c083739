import { type Variable, VARIABLES } from "./variables.ts";

const rows: readonly Variable<unknown>[] = Object.values(VARIABLES);

/** The text of `.env.example`: every variable, those that may be missing commented out. */
export function renderEnvExample(): string {
  const head =
    "# Packgate's environment. Copy to .env and fill in.\n" +
    "# Generated from src/config/variables.ts by scripts/generate.ts: change it there.\n";
  const entries = rows.map((row) => {
    const assignment = `${row.name}=${row.example}`;
    const meaning = row.meaning.charAt(0).toUpperCase() + row.meaning.slice(1);
    return `\n# ${plain(meaning)}.\n# Default: ${plain(whenUnset(row))}.\n${row.required === undefined ? "#" : ""}${assignment}\n`;
  });
  return head + entries.join("");
}

/** The README's table, in Markdown. */
export function renderEnvironmentTable(): string {
  const lines = rows.map((row) => `| \`${row.name}\` | ${row.meaning} | ${whenUnset(row)} |`);
  return ["| variable | meaning | default |", "| --- | --- | --- |", ...lines].join("\n");
}

function whenUnset(row: Variable<unknown>): string {
  if (row.default !== undefined) return `\`${row.default}\``;
  return row.unset ?? (row.required === undefined ? "none" : "none, required");
}

function plain(markdown: string): string {
  return markdown.replaceAll("`", "");
}
