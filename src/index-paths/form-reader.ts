import type { FormHead, FormProblem } from "./form-head.ts";
import { readFormHead } from "./form-head.ts";

/** Bytes in which the file has to begin; the rest passes by without being kept. */
export const MAX_FORM_HEAD = 256 * 1024;

/** What an upload turned out to be. */
export type UploadForm =
  | (Pick<FormHead, "names"> & {
      /** Whether it was seen to its end. If not, there may be more parts behind the file. */
      readonly whole: boolean;
    })
  | FormProblem;

/** Reads a form piece by piece. */
export interface FormReader {
  /** @param text one character per byte. @returns whether more is wanted; if not, the end is known already */
  readonly take: (text: string) => boolean;
  readonly end: () => UploadForm;
}

const TRAILING: FormProblem = { problem: "something follows its file" };

/** @param boundary the one its Content-Type announces */
export function createFormReader(boundary: string): FormReader {
  // A part ends where its boundary stands, whatever a parser takes for the end of the line before it.
  const delimiter = `--${boundary}`;
  const ends = [`\r\n${delimiter}--\r\n`, `\r\n${delimiter}--`];
  /** All of it while the file has not begun; then the end of what was seen, long enough to hold the last boundary. */
  let kept = "";
  let head: FormHead | FormProblem | undefined;

  const settle = (): FormHead | FormProblem => {
    // The same in whichever pieces it arrives: a piece may reach far past what is looked at.
    head = readFormHead(kept.slice(0, MAX_FORM_HEAD), boundary);
    // The line break before the boundary of an empty file is the one that ends its head.
    if (!("problem" in head)) kept = kept.slice(head.fileAt - 2);
    return head;
  };
  const isOver = (): boolean => ends.includes(kept);
  /** Drops what is certainly content. */
  const advance = (): boolean => {
    const at = kept.indexOf(delimiter);
    const keep = at < 0 ? Math.max(0, kept.length - delimiter.length - 1) : Math.max(0, at - 2);
    kept = kept.slice(keep);
    if (kept.length <= delimiter.length + 6) return true;
    head = TRAILING;
    return false;
  };

  return {
    take: (text) => {
      kept += text;
      if (head === undefined) {
        if (kept.length < MAX_FORM_HEAD) return true;
        head = settle();
      }
      return !("problem" in head) && advance();
    },
    end: () => {
      const settled = head ?? settle();
      if ("problem" in settled) return settled;
      if (!advance()) return TRAILING;
      // What is cut off inside the last boundary has an end that nobody has seen.
      const whole = isOver();
      const cut = kept.indexOf(delimiter) < 0 || ends.some((ending) => ending.startsWith(kept));
      return whole || cut ? { names: settled.names, whole } : TRAILING;
    },
  };
}
