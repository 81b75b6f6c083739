import type { PackageName } from "../../src/domain/package-name.ts";
import { parsePackageName } from "../../src/domain/package-name.ts";

/** Compiled by `tsc`, never run: each line that must not compile says so, and `tsc` fails if it does. */

// @ts-expect-error a raw string is no package name: only parsePackageName makes one
export const raw: PackageName = "acme-core";

// @ts-expect-error a name that was not checked may be undefined
export const unchecked: PackageName = parsePackageName("acme-core");

declare const claims: ReadonlyMap<PackageName, string>;
// @ts-expect-error nothing is looked up by a raw string, so two spellings cannot be two packages
export const found = claims.get("Acme_Core");

export const text: string = parsePackageName("acme-core") ?? "none";
