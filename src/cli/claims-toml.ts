import type { ClaimReply } from "./replies.ts";

/**
 * All current claims as pins (`[packages.NAME]` of packgate.toml), so that they outlive a lost state.
 * A contested name goes to the older repository, which holds it so far; the comment says what to look at.
 * A retired name has no owner to pin.
 */
export function pins(claims: readonly ClaimReply[]): string {
  return claims
    .filter(({ status }) => status !== "retired")
    .map(pin)
    .join("\n");
}

function pin({ name, status, repository, rivals }: ClaimReply): string {
  const contest = rivals?.map((rival) => `# contested by ${quote(rival.repository)} (${quote(rival.path)})\n`) ?? [];
  const unbound = status === "unbound" ? ["# there is no such repository\n"] : [];
  return `${[...contest, ...unbound].join("")}[packages.${key(name)}]\nrepository = ${quote(nameOf(repository))}\n`;
}

/** A pin names the repository within its organization. */
function nameOf(repository: string): string {
  return repository.slice(repository.indexOf("/") + 1);
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quote(name);
}

/** A TOML basic string has JSON's escapes, and DEL besides (toml.io v1.0.0, "String"). */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", String.raw`\u007f`);
}
