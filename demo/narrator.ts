import type { Narrator } from "./story.ts";

/** Writes the story as aligned lines; in colour on a terminal that wants it (https://no-color.org). */
export function createNarrator(stream: NodeJS.WriteStream): Narrator {
  const coloured = stream.isTTY && process.env["NO_COLOR"] === undefined;
  const paint = (code: number, text: string): string => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
  const line = (who: string, text: string): void => {
    stream.write(`  ${who.padEnd(9)} ${text}\n`);
  };
  return {
    heading: (text) => stream.write(`\n${paint(1, text)}\n`),
    github: (text) => line("GitHub", paint(36, text)),
    answer: (text, milliseconds) =>
      line(
        "Packgate",
        milliseconds === undefined ? text : `${text} ${paint(2, `(after ${milliseconds.toFixed(0)} ms)`)}`,
      ),
    wrong: (text) => line("WRONG", paint(31, text)),
  };
}
