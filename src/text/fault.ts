import type { Position } from "./position.ts";

/** What a reader throws: one sentence saying what is wrong and what to do, and where if that is known. */
export class TextFault extends Error {
  readonly at: Position | undefined;

  constructor(message: string, at?: Position) {
    super(message);
    this.name = "TextFault";
    this.at = at;
  }
}
