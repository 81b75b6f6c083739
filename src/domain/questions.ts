import type { Permission, PermissionMask } from "./roles.ts";
import { EVERY_PERMISSION, PERMISSIONS } from "./roles.ts";

/** What is asked of a grant, as a small integer: a permission's place among {@link PERMISSIONS}, or {@link WHATEVER}. */
export type Question = number;

/** No permission in particular: whatever a grant gives. */
export const WHATEVER: Question = PERMISSIONS.length;

/** How many questions there are. */
export const QUESTION_COUNT = PERMISSIONS.length + 1;

/** By comparing: to look a word up among the properties of an object takes V8 several times as long, at each decision. */
export function questionOf(permission: Permission): Question {
  switch (permission) {
    case "read":
      return 0;
    case "upload":
      return 1;
    case "yank":
      return 2;
    case "delete":
      return 3;
    case "manage":
      return 4;
  }
}

/** The permission's bit in a mask; none for {@link WHATEVER}. */
export function bitAsked(question: Question): PermissionMask {
  return (1 << question) & EVERY_PERMISSION;
}
