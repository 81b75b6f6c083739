import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { checkWritable, type PrivateFile, readPrivateFile, writePrivateFile } from "../private-file.ts";
import type { IndexUrl } from "./index-url.ts";
import { isTaken, loginIn, withLogin, withoutLogin } from "./netrc.ts";
import { USERNAME } from "./system-keyring.ts";

/** A place where the token of a login is kept. */
export interface Store {
  /** As in "the token is in …". */
  readonly name: string;
  /** Fails with what to do, before anybody has logged in, when nothing can be kept here. */
  readonly check: () => Promise<void>;
  readonly token: () => Promise<string | undefined>;
  readonly keep: (token: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export function keyringStore({ host, url }: Pick<IndexUrl, "host" | "url">, { keyring }: Io): Store {
  const or = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      // Secret Service's only: an entry of Python's own keyring has other attributes, and does not take the place of ours.
      const several = error instanceof Error && /matched by \d+ credentials/.test(error.message);
      throw new Failure(several ? twoEntries(host) : NO_KEYRING);
    });
  // pip and uv ask for the host, twine for the URL of uploads.
  const names = [host, url];
  return {
    name: "the keyring of this system",
    check: async () => {
      await or(keyring.get(host));
    },
    token: () => or(keyring.get(host)),
    keep: async (token) => {
      for (const name of names) await or(keyring.set(name, token));
    },
    remove: async () => {
      for (const name of names) await or(keyring.remove(name));
    },
  };
}

const NO_KEYRING =
  "this system has no keyring, or nobody unlocks it; run packgate login --netrc to keep the token in netrc instead";

function twoEntries(host: string): string {
  return `the keyring has an entry for ${host} that is not of packgate login; take it out first: keyring del ${host} ${USERNAME}`;
}

export function netrcStore({ machine }: Pick<IndexUrl, "machine">, { env, home }: Pick<Io, "env" | "home">): Store {
  const path = env["NETRC"]?.trim() || join(home, ".netrc");
  const file: PrivateFile = { path, fix: "check that the file and its folder are yours, or name another in NETRC" };
  const change = async (edit: (text: string) => string): Promise<void> => {
    const text = await readPrivateFile(file);
    const edited = edit(text);
    if (edited !== text) await writePrivateFile(file, edited);
  };
  return {
    name: path,
    check: async () => {
      if (isTaken(await readPrivateFile(file), machine)) {
        throw new Failure(`${path} has an entry for ${machine} that is not of packgate login; take it out first`);
      }
      await checkWritable(file);
    },
    token: async () => loginIn(await readPrivateFile(file), machine),
    keep: (token) => change((text) => withLogin(text, machine, token)),
    remove: () => change((text) => withoutLogin(text, machine)),
  };
}
