import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { encode } from "../../src/snapshot/format.ts";
import { seal } from "../../src/snapshot/seal.ts";
import { expectSame } from "../properties/same.ts";
import { everything, IDENTITY, snapshotsIn } from "./samples.ts";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return { ...real, readFile: vi.fn<typeof real.readFile>(real.readFile) };
});

type Snapshots = Awaited<ReturnType<typeof snapshotsIn>>;
let snapshots: Snapshots;
let bytes: Buffer;
let text: string;
beforeEach(async () => {
  snapshots = await snapshotsIn();
  await snapshots.save(everything());
  bytes = await snapshots.bytes();
  text = await snapshots.text();
});

const CUT = "is cut short";
const ALTERED = "was damaged or altered after it was written";
const STRANGE = "is not a snapshot of Packgate";
const sentence = (problem: string, advice = ""): string =>
  `The snapshot ${snapshots.file} ${problem}: everything is read from GitHub again; ` +
  `the file is kept as state.gz.refused${advice}.`;

/** Loads what is put in the file's place, and what it warned of. */
async function loadInstead(content: string | Buffer): Promise<{ loaded: unknown; warnings: string[] }> {
  await snapshots.put(content);
  return { loaded: await snapshots.load(), warnings: snapshots.warnings.splice(0) };
}

async function expectRefused(content: string | Buffer, problems: readonly string[], advice = ""): Promise<void> {
  const { loaded, warnings } = await loadInstead(content);
  expect(loaded).toBeUndefined();
  expect(problems.map((problem) => [sentence(problem, advice)])).toContainEqual(warnings);
  expect(await snapshots.files()).toEqual(["state.gz.refused"]);
}

const repacked = (changed: string): Buffer => gzipSync(changed, { level: 1 });

/** A snapshot as another program would write it, with a checksum that fits. */
const sealed = (...lines: readonly string[]): Buffer => repacked([...seal(lines)].join(""));

describe("a snapshot is refused", () => {
  it("when the file ends anywhere before its end", async () => {
    for (let length = 0; length < bytes.length; length += 5) {
      await expectRefused(bytes.subarray(0, length), length < 2 ? [CUT, STRANGE] : [CUT]);
    }
  });

  it("when its text ends anywhere before its end", async () => {
    for (let length = 0; length < text.length; length += 29) {
      await expectRefused(repacked(text.slice(0, length)), [CUT, STRANGE]);
    }
    await expectRefused(repacked(text.slice(0, -1)), [CUT]);
  });

  it("when its text differs in a single bit", async () => {
    const raw = Buffer.from(text);
    const problems: string[] = [];
    for (let index = 0; index < raw.length; index += 29) {
      const damaged = Buffer.from(raw);
      damaged[index] = (raw[index] ?? 0) ^ (1 << (index % 8));
      const { loaded, warnings } = await loadInstead(gzipSync(damaged, { level: 1 }));
      expect([index, loaded, warnings.length]).toEqual([index, undefined, 1]);
      problems.push(...warnings);
    }
    expect(problems.filter((each) => each === sentence(ALTERED)).length).toBeGreaterThan(problems.length * 0.8);
  });

  it("when lines are left out, repeated or added", async () => {
    const [first = "", ...rest] = text.trimEnd().split("\n");
    const seal = rest.at(-1) ?? "";
    const join = (...lines: readonly string[]): Buffer => repacked(`${lines.join("\n")}\n`);
    await expectRefused(join(first, ...rest.slice(1)), [ALTERED]);
    await expectRefused(join(first, first, ...rest), [ALTERED]);
    await expectRefused(join(first, seal), [ALTERED]);
    await expectRefused(join(first, ...rest, seal), [ALTERED]);
  });

  it.each([
    ["another App", { ...IDENTITY, appId: 7 }, "App 7 on https://api.github.com"],
    ["another GitHub", { ...IDENTITY, apiUrl: "https://ghe.test/api/v3" }, "App 42 on https://ghe.test/api/v3"],
  ])("when it belongs to %s", async (_, identity, owner) => {
    const foreign = sealed(...encode(everything(), identity));
    const advice = "; give every App a folder of its own in PACKGATE_STATE";
    await expectRefused(foreign, [`belongs to ${owner}`], advice);
  });

  it("when a newer Packgate wrote it, even if it seals and packs its lines in another way", async () => {
    const problem = "was written by a newer Packgate (its format is 4, not 3)";
    await expectRefused(sealed(text.replace('"version":3', '"version":4')), [problem]);
    await expectRefused(repacked('{"format":"packgate-snapshot","version":4,"new":[]}\nlines\n'), [problem]);
  });

  it("when an older Packgate wrote it", async () => {
    const problem = "was written by an older Packgate (its format is 0, not 3)";
    await expectRefused(sealed(text.replace('"version":3', '"version":0')), [problem]);
  });

  it.each([
    ["text", "a note to myself\n"],
    ["JSON", '{"format":"packgate-snapshot","version":3}'],
    ["packed text", gzipSync("a note to myself\n")],
    ["packed JSON", gzipSync("[1]\n{}\n")],
    ["packed nothing", gzipSync("")],
    ["a header without an owner", gzipSync('{"format":"packgate-snapshot","version":3}\n')],
    ["a version that is no number", gzipSync('{"format":"packgate-snapshot","version":"3"}\n')],
    ["a header without an end", gzipSync('{"format":"packgate-snapshot","version":3')],
  ])("when the file holds %s", async (_, content) => {
    await expectRefused(content, [STRANGE]);
  });

  it.each(["EACCES", "EIO"])("when it cannot be read: %s", async (code) => {
    vi.mocked(readFile).mockRejectedValueOnce(Object.assign(new Error("no"), { code }));
    const advice = "; to use it after all, let this process read it, put it back and restart";
    await expectRefused(bytes, [`cannot be read (${code})`], advice);
  });

  it.each([
    ['"name":"acme-core"', '"name":"acme core"'],
    ['["acme-core",', '["-",'],
    ['"level":"write"', '"level":"god"'],
    ['"status":"held"', '"status":"given"'],
    ['"doubts":["teams"', '"doubts":["everything"'],
    ['"access/1002"', '"access/core"'],
    ['"id":1001', '"id":"1001"'],
    ['"owner":true', '"owner":true,"admin":true'],
    ['"fork":false,', ""],
    ['"kind":"members"', '"kind":"people"'],
    ['"slices":7', '"slices":8'],
    ['"slices":7', '"slices":6'],
    ['"slices":7', '"slices":1e9'],
    ['"revision":7', '"revision":null'],
  ])("whole, when it says %s where %s stands, though the checksum fits", async (sound, unsound) => {
    const lines = [...encode(everything(), IDENTITY)];
    const changed = lines.map((line) => line.replace(sound, unsound));
    expect(changed).not.toEqual(lines);
    await expectRefused(sealed(...changed), ["does not hold what this version of Packgate writes"]);
  });
});

describe("a damaged file", () => {
  it("is refused or makes no difference, whichever bits are flipped", async () => {
    const flip = fc.record({ at: fc.nat(), bit: fc.nat(7) });
    const sound = everything();
    const sentences = [CUT, ALTERED, STRANGE].map((problem) => [sentence(problem)]);
    let refused = 0;
    const flips = fc.sample(fc.array(flip, { minLength: 1, maxLength: 3 }), { seed: 20_261_121, numRuns: 600 });
    for (const places of flips) {
      const damaged = Buffer.from(bytes);
      for (const { at, bit } of places) damaged[at % bytes.length] = (damaged[at % bytes.length] ?? 0) ^ (1 << bit);
      const { loaded, warnings } = await loadInstead(damaged);
      // A few bits of gzip's own header mean nothing to anybody.
      const harmless = isDeepStrictEqual(loaded, sound) && warnings.length === 0;
      expect([undefined, ...(harmless ? [sound] : [])]).toContainEqual(loaded);
      expect([...sentences, ...(harmless ? [[]] : [])]).toContainEqual(warnings);
      if (!harmless) refused += 1;
    }
    expect(refused).toBeGreaterThan(500);
  });
});

describe("a refused snapshot", () => {
  it("is kept until the next one is refused, while new ones are written", async () => {
    await loadInstead("first");
    await snapshots.save(everything());
    expect(await snapshots.files()).toEqual(["state.gz", "state.gz.refused"]);
    expectSame(await snapshots.load(), everything());
    await loadInstead("second");
    expect(await readFile(`${snapshots.file}.refused`, "utf8")).toBe("second");
    expect(await snapshots.load()).toBeUndefined();
    expect(snapshots.warnings).toEqual([]);
  });

  it("is not half used: what came before the fault is gone, too", async () => {
    const lines = [...encode(everything(), IDENTITY)];
    const { loaded } = await loadInstead(sealed(...lines, '{"organization":{"id":3,"login":"third"}}'));
    expect(loaded).toBeUndefined();
  });
});

describe("no snapshot", () => {
  it("is a plain first start", async () => {
    const fresh = await snapshotsIn();
    expect(await fresh.load()).toBeUndefined();
    expect(fresh.warnings).toEqual([]);
  });

  it("of an organization is not an empty one", async () => {
    const [acme] = everything().organizations;
    const saved = {
      writtenAt: 1,
      followed: new Map(),
      organizations: acme === undefined ? [] : [{ ...acme, facts: NO_FACTS }],
    };
    await snapshots.save(saved);
    expectSame(await snapshots.load(), saved);
  });
});
