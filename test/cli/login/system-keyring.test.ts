import { describe, expect, it } from "vitest";
import type { NativeKeyring } from "../../../src/cli/login/system-keyring.ts";
import { systemKeyring } from "../../../src/cli/login/system-keyring.ts";

/** The native library, noting how it is called. */
function native() {
  const calls: unknown[] = [];
  const entries = new Map<string, string>();
  class AsyncEntry {
    readonly key: string;
    constructor(...entry: readonly unknown[]) {
      calls.push(entry);
      this.key = String(entry[0]);
    }
    static withTarget(...entry: readonly unknown[]): AsyncEntry {
      return new AsyncEntry(...entry);
    }
    getPassword = () => Promise.resolve(entries.get(this.key) ?? null);
    setPassword = (password: string) => Promise.resolve(void entries.set(this.key, password));
    deletePassword = () => Promise.resolve(entries.delete(this.key));
  }
  return { calls, load: () => Promise.resolve({ AsyncEntry } as unknown as NativeKeyring) };
}

describe("the system's keyring", () => {
  it.each([
    ["linux", ["pypi.example.com", "__token__", { linux: { store: "secret-service" } }]],
    ["darwin", ["pypi.example.com", "__token__", { linux: { store: "secret-service" } }]],
    ["win32", ["pypi.example.com", "pypi.example.com", "__token__"]],
  ])("names entries on %s as Python's keyring does", async (platform, entry) => {
    const { calls, load } = native();
    const keyring = systemKeyring(load, platform);
    expect(await keyring.get("pypi.example.com")).toBeUndefined();
    await keyring.set("pypi.example.com", "pgt_x");
    expect(await keyring.get("pypi.example.com")).toBe("pgt_x");
    await keyring.remove("pypi.example.com");
    await keyring.remove("pypi.example.com");
    expect(await keyring.get("pypi.example.com")).toBeUndefined();
    expect(calls).toStrictEqual(Array.from({ length: 6 }, () => entry));
  });

  it("rejects where the library was not built for this system", async () => {
    const keyring = systemKeyring(() => Promise.reject(new Error("no native binding")), "linux");
    await expect(keyring.get("pypi.example.com")).rejects.toThrow("no native binding");
  });
});
