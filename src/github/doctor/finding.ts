/** What one check found: one line of `packgate doctor`. Holds no secret. */
export interface Finding {
  readonly status: "ok" | "warn" | "fail";
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** The organization, where the check is about one. */
  readonly org?: string;
  readonly message: string;
  /** What to do; absent when all is well. */
  readonly fix?: string;
}

export function ok(check: string, message: string): Finding {
  return { status: "ok", check, message };
}

/** Packgate works, but not as well or as safely as it could. */
export function warn(check: string, message: string, fix: string): Finding {
  return { status: "warn", check, message, fix };
}

/** Packgate cannot do its work. */
export function fail(check: string, message: string, fix: string): Finding {
  return { status: "fail", check, message, fix };
}
