import { LRUCache } from "lru-cache";
import type { PathQuestion } from "../../index-paths/read-path.ts";
import { readPath } from "../../index-paths/read-path.ts";

/** Characters, about, of what is remembered: some ten thousand paths. */
const MAX_SIZE = 4 * 1024 * 1024;
/** What an entry takes beside its texts. */
const ENTRY_COST = 256;

/**
 * What was asked lately and what it means. Clients of an index ask for the same paths again and again, and a dozen
 * patterns take longer than all the rest of a decision. It depends on nothing but the path, so it is never out of date.
 */
const read = new LRUCache<string, PathQuestion>({
  maxSize: MAX_SIZE,
  sizeCalculation: (question, asked) => ENTRY_COST + asked.length + lengthOf(question),
});

/** Like {@link readPath}, which it asks when it does not know. */
export function rememberedPath(method: string, target: string): PathQuestion {
  // A proxy may say anything of the method, but nothing in HTTP has a line break.
  const asked = `${method}\n${target}`;
  const known = read.get(asked);
  if (known !== undefined) return known;
  const question = readPath(method, target);
  read.set(asked, question);
  return question;
}

function lengthOf(question: PathQuestion): number {
  return question.kind === "package" ? question.names.reduce((length, name) => length + name.length, 0) : 0;
}
