import type { PackageName } from "./package-name.ts";

/**
 * Names that are easily taken for each other, in groups of two or more, in order. Alike are names that PyPI
 * ultranormalises to the same: separators dropped, `l` and `i` as `1`, `o` as `0` (`ultranormalize_name` in
 * pypi/warehouse).
 */
export function lookAlikes(names: Iterable<PackageName>): PackageName[][] {
  const groups = new Map<string, PackageName[]>();
  for (const name of names) {
    const shape = name.replaceAll("-", "").replaceAll(/[li]/g, "1").replaceAll("o", "0");
    groups.set(shape, [...(groups.get(shape) ?? []), name]);
  }
  return [...groups.values()].filter((group) => group.length > 1).map((group) => group.toSorted());
}
