import type { PackageName } from "../domain/package-name.ts";
import { parsePackageName } from "../domain/package-name.ts";
import type { Permission } from "../domain/roles.ts";
import { ACTIONS, parseAction } from "../domain/roles.ts";
import { ServiceError } from "../errors.ts";

const BAD_NAME = "package: this is not a valid project name; letters, digits and single . _ - between them";
const BAD_ACTION = `action: unknown; use one of ${ACTIONS.join(", ")}`;

/** The one way in for a package name: normalised here, so that the core never sees a raw string. */
export function packageNameOf(text: string): PackageName {
  const name = parsePackageName(text);
  if (name === undefined) throw new ServiceError("invalid_request", BAD_NAME);
  return name;
}

export function permissionOf(word: string): Permission {
  const permission = parseAction(word);
  if (permission === undefined) throw new ServiceError("invalid_request", BAD_ACTION);
  return permission;
}
