import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openSnapshots } from "../../src/snapshot/snapshots.ts";
import { expectSame } from "../properties/same.ts";
import { emptyFolder, everything, IDENTITY, snapshotsIn, readPolicy } from "./samples.ts";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    rename: vi.fn<typeof real.rename>(real.rename),
    open: vi.fn<typeof real.open>(real.open),
    mkdir: vi.fn<typeof real.mkdir>(real.mkdir),
  };
});

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
const fault = (code?: string): Error => Object.assign(new Error("no"), code === undefined ? {} : { code });
const numbered = (revision: number) => {
  const { organizations, ...rest } = everything();
  return { ...rest, organizations: organizations.map((each) => ({ ...each, revision })) };
};

describe("the file", () => {
  it("and its folder are the owner's alone", async () => {
    const { save, folder, file, files } = await snapshotsIn(join(await emptyFolder(), "a", "b"));
    await save(everything());
    expect([await modeOf(folder), await modeOf(join(folder, "..")), await modeOf(file)]).toEqual(["700", "700", "600"]);
    expect(await files()).toEqual(["state.gz"]);
  });

  it("becomes the owner's alone when it was not, in a folder that stays as it is", async () => {
    const { save, folder, file, put } = await snapshotsIn(await emptyFolder());
    await put("");
    await chmod(file, 0o644);
    await chmod(folder, 0o755);
    await save(everything());
    expect([await modeOf(folder), await modeOf(file)]).toEqual(["755", "600"]);
  });

  it("is not made for a state that is kept in memory only", async () => {
    const writes = vi.mocked(mkdir).mock.calls.length;
    const { save, load } = openSnapshots(undefined, IDENTITY, readPolicy, () => undefined);
    await save(everything());
    expect(await load()).toBeUndefined();
    expect(vi.mocked(mkdir).mock.calls.length).toBe(writes);
  });

  it("and the folder's entry are synced before a save counts as done", async () => {
    const { save, folder } = await snapshotsIn();
    const synced: string[] = [];
    const real = vi.mocked(open).getMockImplementation();
    vi.mocked(open).mockImplementation(async (path, ...rest) => {
      if (real === undefined) throw new Error("not mocked");
      const handle = await real(path, ...rest);
      const sync = handle.sync.bind(handle);
      handle.sync = async () => {
        await sync();
        synced.push(String(path));
      };
      return handle;
    });
    await save(everything()).finally(() => real && vi.mocked(open).mockImplementation(real));
    expect(synced).toEqual([folder]);
  });

  it("is saved even where folders cannot be synced", async () => {
    const { save, load, warnings } = await snapshotsIn();
    vi.mocked(open).mockRejectedValueOnce(fault("EISDIR"));
    await save(everything());
    expectSame(await load(), everything());
    expect(warnings).toEqual([]);
  });
});

describe("a save that fails", () => {
  it.each([
    ["ENOSPC", "make room on the disk"],
    ["EACCES", "let this process write to the folder"],
    ["EROFS", "name a folder in PACKGATE_STATE that may be written to"],
    ["EIO", "check the folder that PACKGATE_STATE names"],
  ])("leaves the old file whole, nothing beside it, and says so once: %s", async (code, cure) => {
    const { save, load, file, files, warnings } = await snapshotsIn();
    await save(numbered(1));
    vi.mocked(rename).mockRejectedValueOnce(fault(code)).mockRejectedValueOnce(fault(code));
    await save(numbered(2));
    await save(numbered(3));
    expect(warnings).toEqual([
      `The snapshot ${file} cannot be written (${code}), so a restart would begin with an older one or none: ${cure}.`,
    ]);
    expect(await files()).toEqual(["state.gz"]);
    expectSame(await load(), numbered(1));
  });

  it("is told of again after one that succeeded", async () => {
    const { save, load, warnings } = await snapshotsIn();
    vi.mocked(rename).mockRejectedValueOnce(fault());
    await save(numbered(1));
    await save(numbered(2));
    expectSame(await load(), numbered(2));
    vi.mocked(rename).mockRejectedValueOnce(fault());
    await save(numbered(3));
    expect(warnings).toEqual([
      expect.stringContaining("cannot be written (for an unknown reason)"),
      expect.stringContaining("cannot be written (for an unknown reason)"),
    ]);
  });

  it("does no harm where the folder is a file: neither writing nor reading", async () => {
    const occupied = join(await emptyFolder(), "note");
    await writeFile(occupied, "mine");
    const { save, load, file, warnings } = await snapshotsIn(occupied);
    expect(await load()).toBeUndefined();
    await save(everything());
    expect(warnings).toEqual([
      `The snapshot ${file} cannot be read (ENOTDIR): everything is read from GitHub again; ` +
        "to use it after all, let this process read it, put it back and restart.",
      expect.stringContaining("cannot be written (EEXIST)"),
    ]);
    expect(await readFile(occupied, "utf8")).toBe("mine");
  });
});

describe("a process that ends while it writes", () => {
  it("leaves the old file whole, and what it left beside it is removed at the next start", async () => {
    const { save, load, folder, files, warnings } = await snapshotsIn();
    await save(numbered(1));
    // The last thing that ever happens: the new text is on the disk under another name.
    await new Promise<void>((reached) => {
      vi.mocked(rename).mockImplementationOnce(() => {
        reached();
        return new Promise<never>(() => undefined);
      });
      void save(numbered(2));
    });
    expect(await files()).toEqual(["state.gz", expect.stringMatching(/^state\.gz\.[-0-9a-f]{36}\.tmp$/)]);

    const next = await snapshotsIn(folder);
    expectSame(await next.load(), numbered(1));
    expect(await files()).toEqual(["state.gz"]);
    expect([...warnings, ...next.warnings]).toEqual([]);
    expectSame(await load(), numbered(1));
  });

  it("does not cost a stranger's files", async () => {
    const { load, files, folder } = await snapshotsIn(await emptyFolder());
    for (const name of ["notes.tmp", "state.gz.txt", "state.tmp"]) await writeFile(join(folder, name), "");
    await load();
    expect(await files()).toEqual(["notes.tmp", "state.gz.txt", "state.tmp"]);
  });
});

describe("saves at the same time", () => {
  it("are done one after another, and the last one stays", async () => {
    const { save, load, folder } = await snapshotsIn();
    const seen: string[][] = [];
    const real = vi.mocked(rename).getMockImplementation();
    vi.mocked(rename).mockImplementation(async (from, to) => {
      seen.push((await readdir(folder)).filter((name) => name.endsWith(".tmp")));
      await real?.(from, to);
    });
    await Promise.all([1, 2, 3, 4, 5].map((revision) => save(numbered(revision)))).finally(
      () => real && vi.mocked(rename).mockImplementation(real),
    );
    expect(seen.map((names) => names.length)).toEqual([1, 1, 1, 1, 1]);
    expectSame(await load(), numbered(5));
  });

  it("take no notice of a save that failed before them", async () => {
    const { save, load } = await snapshotsIn();
    vi.mocked(rename).mockRejectedValueOnce(fault("EIO"));
    await Promise.all([save(numbered(1)), save(numbered(2))]);
    expectSame(await load(), numbered(2));
  });

  it("do not disturb one another's files when two processes share a folder", async () => {
    const one = await snapshotsIn();
    const two = await snapshotsIn(one.folder);
    await Promise.all([one.save(numbered(1)), two.save(numbered(2)), one.save(numbered(3)), two.save(numbered(4))]);
    const loaded = await one.load();
    expect([3, 4]).toContain(loaded?.organizations[0]?.revision);
    expect([...one.warnings, ...two.warnings]).toEqual([]);
    await rm(one.folder, { recursive: true });
  });
});
