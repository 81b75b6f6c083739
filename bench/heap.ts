/** Bytes in use on the heap and in buffers beside it, once all garbage is gone. Needs `node --expose-gc`. */
export function heapAfterGarbageCollection(): number {
  if (global.gc === undefined) throw new Error("run with --expose-gc");
  // Twice, because what finalizers let go of is only collected the second time.
  global.gc();
  global.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
