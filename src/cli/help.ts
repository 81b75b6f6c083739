import type { Verb } from "./verb.ts";

/** What `packgate help` prints. */
export function overview(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  const lines = verbs.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Packgate: GitHub decides who may pull, publish and manage the packages on your private index.

Usage: packgate VERB ...

${lines.join("\n")}

"packgate VERB --help" says more. The verbs that ask a running Packgate find it at PACKGATE_URL
(http://127.0.0.1:3000 unless told) and show it PACKGATE_KEY, the secret of an index client.
NO_COLOR turns colours off.

Exit codes: 0 yes or done, 1 error, 2 misused, 3 denied, 4 unknown.
`;
}

/** What `packgate VERB --help` prints. */
export function describe({ name, summary, operands, options, notes }: Verb): string {
  const all: Verb["options"] = { ...options, help: { meaning: "print this" } };
  const rows = Object.entries(all).map(([option, { value, meaning }]) => ({
    left: value === undefined ? `--${option}` : `--${option} ${value}`,
    meaning,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  const lines = rows.map(({ left, meaning }) => `  ${left.padEnd(width)}  ${meaning}`);
  const usage = ["packgate", name, ...operands, "[options]"].join(" ");
  return `${usage}\n\n${summary}\n\n${lines.join("\n")}\n${notes === undefined ? "" : `\n${notes}\n`}`;
}
