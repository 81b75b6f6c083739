import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differing, patched } from "../../src/domain/patched-map.ts";

interface Entry {
  readonly text: string;
}

const numbered = (size: number): ReadonlyMap<number, Entry> =>
  new Map(Array.from({ length: size }, (_, key) => [key, { text: `first ${key}` }]));

/** Changes of a few keys, some of them new, some of them twice: what stands there next, or that nothing does. */
const changesIn = (size: number): fc.Arbitrary<Map<number, Entry | undefined>> =>
  fc
    .array(fc.tuple(fc.nat(size + 20), fc.option(fc.record({ text: fc.string() }), { nil: undefined })), {
      maxLength: 9,
    })
    .map((entries) => new Map(entries));

const stories = fc
  .constantFrom(0, 5, 300, 1000)
  .chain((size) => fc.tuple(fc.constant(size), fc.array(changesIn(size), { maxLength: 12 })));

function plainly(map: ReadonlyMap<number, Entry>, changes: ReadonlyMap<number, Entry | undefined>) {
  const copy = new Map(map);
  for (const [key, value] of changes) {
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return copy;
}

const byKey = (entries: Iterable<readonly [number, Entry]>) => [...entries].toSorted(([a], [b]) => a - b);

describe("a map with changes", () => {
  it("holds what a changed copy holds, however it is asked", () => {
    fc.assert(
      fc.property(stories, ([size, story]) => {
        let map = numbered(size);
        let plain = new Map(map);
        for (const changes of story) {
          map = patched(map, changes);
          plain = plainly(plain, changes);
        }
        const all: (readonly [number, Entry])[] = [];
        map.forEach((value, key, itself) => {
          expect(itself).toBe(map);
          all.push([key, value]);
        });
        for (const found of [map, map.entries(), all]) expect(byKey(found)).toEqual(byKey(plain));
        expect([...map.keys()].toSorted((a, b) => a - b)).toEqual([...plain.keys()].toSorted((a, b) => a - b));
        expect(new Set(map.values())).toEqual(new Set(plain.values()));
        expect(map.size).toBe(plain.size);
        const keys = Array.from({ length: size + 22 }, (_, key) => key);
        const disagreed = keys.filter((key) => map.get(key) !== plain.get(key) || map.has(key) !== plain.has(key));
        expect(disagreed).toEqual([]);
      }),
    );
  });

  it("leaves the one it came from as it was", () => {
    const before = patched(numbered(1000), new Map([[1, { text: "changed" }]]));
    const entries = [...before];
    patched(before, new Map([[2, undefined]]));
    expect([...before]).toEqual(entries);
  });

  it("is the very same where nothing is changed", () => {
    const map = numbered(3);
    expect(patched(map, new Map())).toBe(map);
  });

  it("keeps its entries in their order, and puts new ones last", () => {
    const map = patched(
      numbered(300),
      new Map([
        [1000, { text: "new" }],
        [0, { text: "changed" }],
        [2, undefined],
      ]),
    );
    expect([...map.keys()].slice(0, 3)).toEqual([0, 1, 3]);
    expect([...map.keys()].at(-1)).toBe(1000);
  });
});

describe("where two maps differ", () => {
  it("is under the keys of which one holds something else, or nothing", () => {
    fc.assert(
      fc.property(stories, fc.nat(), ([size, story], at) => {
        const maps = [numbered(size)];
        for (const changes of story) maps.push(patched(maps.at(-1) ?? new Map(), changes));
        const last = maps.at(-1) ?? new Map();
        const earlier = maps[at % maps.length] ?? last;
        const keys = [...new Set([...earlier.keys(), ...last.keys()])];
        const expected = keys.filter((key) => earlier.get(key) !== last.get(key)).toSorted((a, b) => a - b);
        for (const [one, other] of [
          [earlier, last],
          [last, earlier],
        ] as const) {
          expect(differing(one, other).toSorted((a, b) => a - b)).toEqual(expected);
        }
      }),
    );
  });

  it("is nowhere in one and the same", () => {
    const map = numbered(300);
    expect(differing(map, map)).toEqual([]);
  });
});
