/** Time as GitHub work sees it; injected, so that a test's hour takes no time. */
export interface Time {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}
