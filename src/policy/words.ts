import * as z from "zod";
import type { PermissionMask } from "../domain/roles.ts";
import { ACTIONS, parseAction, PERMISSION_BIT, PERMISSIONS } from "../domain/roles.ts";
import { closest } from "../text/closest.ts";
import { quoted } from "../text/excerpt.ts";
import { didYouMean, expected, shown } from "./shapes.ts";

const LETTERS = "rcudm";
const ALL_LETTERS = "r (read), c (upload), u (yank), d (delete) and m (manage)";

/** Permissions as letters, `"rcu"`, or as an array of words, `["read", "upload", "yank"]`. */
export const permissions = z
  .custom<string | readonly unknown[]>(
    (given) => typeof given === "string" || Array.isArray(given),
    expected("letters or an array of words", 'permissions = "rc"'),
  )
  .transform((given, context) => {
    let mask: PermissionMask = 0;
    const words = typeof given === "string" ? Array.from(given) : given;
    for (const [index, word] of words.entries()) {
      const permission = typeof word === "string" ? parseAction(word) : undefined;
      if (permission !== undefined) mask |= PERMISSION_BIT[permission];
      else if (typeof given === "string") {
        context.addIssue({ code: "custom", message: lettersFault(given), input: given });
        return z.NEVER;
      } else context.addIssue({ code: "custom", message: wordFault(word), path: [index], input: given });
    }
    return mask;
  });

function lettersFault(text: string): string {
  const lower = text.toLowerCase();
  const permission = parseAction(lower);
  const has = `has ${quoted(text)}`;
  if (permission !== undefined) return `${has}, and a string holds letters; write ["${permission}"]`;
  const letters = Array.from(lower).filter((letter) => LETTERS.includes(letter));
  if (letters.length === lower.length) return `${has}, and letters are small; write ${quoted(lower)}`;
  return `${has}, and the letters are ${ALL_LETTERS}; leave out the others`;
}

function wordFault(word: unknown): string {
  if (typeof word !== "string") return `must hold words, not ${shown(word)}; write ["read", "upload"], say`;
  const meant = closest(word, ACTIONS);
  const fix = meant === undefined ? didYouMean(word, PERMISSIONS, quoted) : `did you mean ${quoted(meant)}?`;
  return `has ${quoted(word)}, which is no permission; ${fix}`;
}
