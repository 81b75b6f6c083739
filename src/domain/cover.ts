import type { PackageName } from "./package-name.ts";
import { ALL, patternsCovering } from "./patterns.ts";

/** The statements of one pattern, which lie together. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Which statements of the rules are about which names. */
export interface Cover {
  readonly ranges: ReadonlyMap<string, Range>;
  /** What covers every name. */
  readonly common: readonly Range[];
  /** By claimed name: what covers it, the most specific first, where that is more than what covers every name. */
  readonly covering: Map<PackageName, readonly Range[]>;
}

/** @param statements in the order in which they count, those of one pattern together */
export function coverBy(statements: readonly { readonly pattern: string }[]): Cover {
  const ranges = rangesOf(statements);
  const common = ranges.get(ALL);
  return { ranges, common: common === undefined ? [] : [common], covering: new Map() };
}

export function writeCover(book: Cover, name: PackageName): void {
  const found = coverOf(book, name);
  if (found.length > book.common.length) book.covering.set(name, found);
}

/** What covers a claimed name, the most specific first. */
export function knownCover({ covering, common }: Cover, name: PackageName): readonly Range[] {
  return (covering.size === 0 ? undefined : covering.get(name)) ?? common;
}

/** What covers any name, the most specific first. */
export function coverOf({ ranges }: Cover, name: PackageName): readonly Range[] {
  return ranges.size === 0 ? [] : patternsCovering(name).flatMap((pattern) => ranges.get(pattern) ?? []);
}

export function dropCover({ covering }: Cover, name: PackageName): void {
  covering.delete(name);
}

function rangesOf(statements: readonly { readonly pattern: string }[]): ReadonlyMap<string, Range> {
  const ranges = new Map<string, Range>();
  for (const [number, { pattern }] of statements.entries()) {
    ranges.set(pattern, { from: ranges.get(pattern)?.from ?? number, to: number + 1 });
  }
  return ranges;
}
