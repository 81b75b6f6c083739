import { describe, expect, it } from "vitest";
import { GitHubFailure } from "../../src/github/failure.ts";
import { createStart } from "../../src/github/start.ts";
import { createFakeTime, flush } from "./support/fake-time.ts";

/** Every look waits to be told its outcome. */
function stage() {
  const time = createFakeTime();
  const looks: ((outcome?: Error) => Promise<void>)[] = [];
  const warnings: { readonly sentence: string; readonly cause: unknown }[] = [];
  const refresh = (): Promise<void> =>
    new Promise((resolve, reject) => {
      looks.push((outcome) => {
        if (outcome === undefined) resolve();
        else reject(outcome);
        return flush();
      });
    });
  const start = createStart({ refresh, time, warn: (sentence, cause) => warnings.push({ sentence, cause }) });
  return { time, looks, warnings, start };
}

const down = (): GitHubFailure => new GitHubFailure("unavailable", "GitHub is down.");

describe("the first look", () => {
  it("is over when it went well", async () => {
    const { looks, start } = stage();
    const first = start.first();
    await looks[0]?.();
    await first;
    expect(start.problems()).toEqual([]);
  });

  it.each([
    {
      failure: new GitHubFailure("forbidden", "GitHub refused our credentials."),
      says: "GitHub refused our credentials.",
    },
    {
      failure: new GitHubFailure("gone", "GitHub answered 404."),
      says: "GitHub knows no such App: check APP_ID, and GHE_HOST or GITHUB_API_URL.",
    },
  ])("rejects when no waiting mends it: $says", async ({ failure, says }) => {
    const { looks, start } = stage();
    const first = start.first().catch((error: unknown) => error);
    await looks[0]?.(failure);
    expect(await first).toMatchObject({ name: "GitHubFailure", message: says });
  });

  it("is repeated in the background while GitHub is down, and said once", async () => {
    const { time, looks, warnings, start } = stage();
    const first = start.first();
    await looks[0]?.(down());
    await first;
    expect(start.problems()).toEqual(["GitHub is down."]);
    await start.idle();
    for (let look = 1; look <= 3; look += 1) {
      await time.pass(14_999);
      expect(looks).toHaveLength(look);
      await time.pass(1);
      expect(looks).toHaveLength(look + 1);
      await looks[look]?.(look === 3 ? undefined : down());
    }
    expect(start.problems()).toEqual([]);
    expect(warnings).toEqual([{ sentence: "GitHub is down.", cause: undefined }]);
    await time.pass(600_000);
    expect(looks).toHaveLength(4);
  });

  it("that fails for no reason anybody expects tells its cause, and is repeated", async () => {
    const { time, looks, warnings, start } = stage();
    const cause = new TypeError("a bug");
    const first = start.first();
    await looks[0]?.(cause);
    await first;
    expect(warnings).toEqual([{ sentence: expect.stringContaining("the log has the cause"), cause }]);
    await time.pass(15_000);
    expect(looks).toHaveLength(2);
  });
});

describe("looking again", () => {
  it("never overlaps: a hundred hints while it looks are one more look", async () => {
    const { looks, start } = stage();
    for (let hint = 0; hint < 100; hint += 1) start.again();
    expect(looks).toHaveLength(1);
    for (let hint = 0; hint < 100; hint += 1) start.again();
    expect(looks).toHaveLength(1);
    await looks[0]?.();
    expect(looks).toHaveLength(2);
    let idle = false;
    const waiting = start.idle().then(() => (idle = true));
    await flush();
    expect(idle).toBe(false);
    await looks[1]?.();
    await waiting;
    expect(looks).toHaveLength(2);
    start.again();
    expect(looks).toHaveLength(3);
  });

  it("at once ends the waiting for the next try of an older failure", async () => {
    const { time, looks, start } = stage();
    start.again();
    await looks[0]?.(down());
    start.again();
    await looks[1]?.(down());
    start.again();
    await looks[2]?.();
    await time.pass(600_000);
    expect(looks).toHaveLength(3);
    expect(start.problems()).toEqual([]);
  });

  it("after a refusal waits longer", async () => {
    const { time, looks, start } = stage();
    start.again();
    await looks[0]?.(new GitHubFailure("forbidden", "No."));
    await time.pass(59_999);
    expect(looks).toHaveLength(1);
    await time.pass(1);
    expect(looks).toHaveLength(2);
  });

  it("ends with a stop, whatever is under way or waits", async () => {
    const { time, looks, warnings, start } = stage();
    start.again();
    start.again();
    start.stop();
    await looks[0]?.(down());
    start.again();
    await time.pass(600_000);
    expect(looks).toHaveLength(1);
    expect(warnings).toEqual([]);
  });
});
