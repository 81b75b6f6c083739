import type { Reader } from "../../src/github/reader/reader.ts";
import type { Slice, SliceKey } from "../../src/state/slice.ts";
import { sliceKey } from "../../src/state/slice.ts";

/** A reader that looks at each thing once, and tells the same of it ever after. */
export function readOnce(reader: Reader): Reader {
  const told = new Map<SliceKey, Slice>();
  return {
    ...reader,
    read: async (keys, facts, emit) => {
      const isNew = (key: SliceKey): boolean => !told.has(key);
      emit(keys.flatMap((key) => told.get(key) ?? []));
      await reader.read(keys.filter(isNew), facts, (slices) => {
        for (const slice of slices) told.set(sliceKey(slice), slice);
        emit(slices);
      });
    },
  };
}
