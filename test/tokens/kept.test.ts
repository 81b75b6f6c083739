import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyringOf } from "../../src/tokens/keyring.ts";
import { openKept } from "../../src/tokens/kept.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
let folder = "";
let time = 1_795_291_200_000;
let warnings: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
  time = 1_795_291_200_000;
  warnings = [];
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const open = (where: string | undefined = folder) =>
  openKept({ folder: where, now: () => time, warn: (sentence) => warnings.push(sentence) });
const keysOf = async () => (await keyringOf(await open().keys())).map(({ id }) => id);

describe("our signing keys", () => {
  it("are made once, and only their owner may read them", async () => {
    const [made] = await keysOf();
    expect(statSync(join(folder, "signing-keys.json")).mode & 0o777).toBe(0o600);
    expect(await keysOf()).toStrictEqual([made]);
    expect(readdirSync(folder)).toStrictEqual(["signing-keys.json"]);
  });

  it("are renewed after 90 days; the old one verifies for as long again", async () => {
    const [first] = await keysOf();
    time += 90 * DAY_MS;
    const [second, ...others] = await keysOf();
    expect(second).not.toBe(first);
    expect(others).toStrictEqual([first]);
    expect(await keysOf()).toStrictEqual([second, first]);
    time += 90 * DAY_MS;
    const [third, ...left] = await keysOf();
    expect(third).not.toBe(second);
    expect(left).toStrictEqual([second]);
  });

  it("verify on when a process that started just before their renewal ran for long", async () => {
    const [first] = await keysOf();
    time += 89 * DAY_MS;
    expect(await keysOf()).toStrictEqual([first]);
    // It signed until this moment, and what it signed lives on.
    time += 92 * DAY_MS;
    const [second, ...others] = await keysOf();
    expect([second, ...others]).toStrictEqual([second, first]);
    expect(second).not.toBe(first);
    time += 89 * DAY_MS;
    expect(await keysOf()).toStrictEqual([second, first]);
    time += 2 * DAY_MS;
    const [third, ...left] = await keysOf();
    expect([third, ...left]).toStrictEqual([third, second]);
    expect(third).not.toBe(second);
  });

  it.each(["{", "[]", '{"keys":[{"madeAt":1795291200000,"pem":"no key"}]}'])(
    "are made anew where the file cannot be read: %s",
    async (text) => {
      writeFileSync(join(folder, "signing-keys.json"), text);
      expect(await keysOf()).toHaveLength(1);
      expect(warnings).toStrictEqual([
        `${join(folder, "signing-keys.json")} cannot be read: tokens that Packgate made are void now.`,
      ]);
    },
  );

  it("are kept in a folder that is made for them", async () => {
    const kept = open(join(folder, "new"));
    const [{ id }] = await keyringOf(await kept.keys());
    expect((await keyringOf(await kept.keys()))[0].id).toBe(id);
    expect(statSync(join(folder, "new")).mode & 0o777).toBe(0o700);
    expect(warnings).toStrictEqual([]);
  });

  it("live in memory where nothing is kept", async () => {
    const kept = openKept({ folder: undefined, now: () => time, warn: (sentence) => warnings.push(sentence) });
    expect(await kept.keys()).toHaveLength(1);
    expect(await kept.keep("revoked")([["a", 1]])).toBe(true);
    expect(await kept.entries("revoked")).toBeUndefined();
    expect(kept.problems()).toStrictEqual([]);
  });
});

describe("used-up tokens", () => {
  it("are found again by the next process", async () => {
    expect(await open().entries("revoked")).toBeUndefined();
    await open().keep("revoked")([["a", 1]]);
    expect(await open().entries("revoked")).toStrictEqual([["a", 1]]);
    expect(await open().entries("exchanged")).toBeUndefined();
    expect(warnings).toStrictEqual([]);
  });

  it("are written in order, and those that come during a write together", async () => {
    const keep = open().keep("revoked");
    await Promise.all([keep([["a", 1]]), keep([["b", 1]]), keep([["c", 1]])]);
    expect(JSON.parse(readFileSync(join(folder, "revoked.json"), "utf8"))).toStrictEqual({ entries: [["c", 1]] });
    await keep([["d", 1]]);
    expect(await open().entries("revoked")).toStrictEqual([["d", 1]]);
  });

  it("are warned of where they cannot be written", async () => {
    writeFileSync(join(folder, "file"), "");
    const kept = open(join(folder, "file"));
    expect(await kept.keep("revoked")([["a", 1]])).toBe(false);
    expect(warnings).toStrictEqual([
      `${join(folder, "file", "revoked.json")} cannot be written (EEXIST): a restart would forget it; check PACKGATE_STATE.`,
    ]);
    expect(kept.problems()).toStrictEqual(warnings);
    rmSync(join(folder, "file"));
    expect(await kept.keep("revoked")([["a", 1]])).toBe(true);
    expect(kept.problems()).toStrictEqual([]);
  });
});
