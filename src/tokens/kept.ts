import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { codeOf, removeLeftovers, replaceText } from "../snapshot/files.ts";
import type { Entry, Keep } from "./ledger.ts";

/** What outlives the process beside the snapshot: our keys, and which tokens are used up. Nothing here rejects. */
export interface Kept {
  /** Keys that we made ourselves, the one that signs first. */
  readonly keys: () => Promise<readonly [KeyObject, ...KeyObject[]]>;
  /** @returns `undefined` when nobody can say any more what there was */
  readonly entries: (list: List) => Promise<readonly Entry[] | undefined>;
  readonly keep: (list: List) => Keep;
  /** A sentence for each file that could not be written when it was last tried. */
  readonly problems: () => readonly string[];
}

/** Tokens of ours that were revoked; tokens of others that were exchanged. */
export type List = "revoked" | "exchanged";

export interface KeptOptions {
  /** `undefined`: nothing is kept. */
  readonly folder: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly warn: (sentence: string, cause: unknown) => void;
}

/**
 * How long a key signs before the next start puts another in its place, in milliseconds: 90 days. From then on it goes on
 * verifying for as long again, however late that start came: what it signed last has ended long before.
 */
const KEY_LIFE_MS = 90 * 24 * 60 * 60 * 1000;

const keysFile = z.object({
  keys: z.array(z.object({ madeAt: z.number(), pem: z.string().transform((pem) => createPrivateKey(pem)) })),
});
const listFile = z.object({ entries: z.array(z.tuple([z.string(), z.number()])) });

export function openKept({ folder, now, warn }: KeptOptions): Kept {
  if (folder === undefined) {
    return {
      keys: () => Promise.resolve([newKey()]),
      entries: () => Promise.resolve(undefined),
      // Nobody was promised that it would be.
      keep: () => () => Promise.resolve(true),
      problems: () => [],
    };
  }

  const load = async <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const file = join(folder, name);
    try {
      await removeLeftovers(file).catch(() => undefined);
      return schema.parse(JSON.parse(await readFile(file, "utf8")));
    } catch (error) {
      // The parser's message would quote the file.
      if (codeOf(error) !== "ENOENT")
        warn(`${file} cannot be read: tokens that Packgate made are void now.`, undefined);
      return undefined;
    }
  };
  const unwritten = new Map<string, string>();
  const save = async (name: string, value: unknown): Promise<boolean> => {
    const file = join(folder, name);
    try {
      await replaceText(file, JSON.stringify(value));
      unwritten.delete(name);
      return true;
    } catch (error) {
      const sentence = `${file} cannot be written (${codeOf(error)}): a restart would forget it; check PACKGATE_STATE.`;
      unwritten.set(name, sentence);
      warn(sentence, error);
      return false;
    }
  };

  return {
    keys: async () => {
      const file = await load("signing-keys.json", keysFile);
      const kept = (file?.keys ?? []).filter((_, place, all) => {
        const successor = all[place - 1];
        return successor === undefined || now() - successor.madeAt < KEY_LIFE_MS;
      });
      const [signer, ...others] = kept;
      if (signer !== undefined && now() - signer.madeAt < KEY_LIFE_MS) {
        return [signer.pem, ...others.map(({ pem }) => pem)];
      }
      const made = newKey();
      const keys = [{ madeAt: now(), pem: made }, ...kept];
      await save("signing-keys.json", { keys: keys.map(({ madeAt, pem }) => ({ madeAt, pem: textOf(pem) })) });
      return [made, ...kept.map(({ pem }) => pem)];
    },
    entries: async (list) => (await load(`${list}.json`, listFile))?.entries,
    keep: (list) => {
      let latest: readonly Entry[] = [];
      let writing: Promise<boolean> | undefined;
      let next: Promise<boolean> | undefined;
      // Whoever comes while a write is under way shares the one after it.
      const write = (): Promise<boolean> =>
        (writing = save(`${list}.json`, { entries: latest }).finally(() => (writing = undefined)));
      return (entries) => {
        latest = entries;
        if (writing === undefined) return write();
        return (next ??= writing.then(() => {
          next = undefined;
          return write();
        }));
      };
    },
    problems: () => [...unwritten.values()],
  };
}

function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

function textOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
