import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import type { IndexUrl } from "./index-url.ts";
import { endOf } from "./own-token.ts";
import { keyringStore, netrcStore } from "./stores.ts";

/** The token of a login, and when it ends, in epoch milliseconds. */
export interface Kept {
  readonly token: string;
  readonly end: number;
}

/** Every token that is kept for an index, the one that lives longest first. A keyring that cannot be asked keeps none. */
export async function keptFor(index: IndexUrl, io: Io): Promise<readonly Kept[]> {
  const tokens = [
    await keyringStore(index, io)
      .token()
      .catch(() => undefined),
    await netrcStore(index, io).token(),
  ];
  return tokens
    .flatMap((token) => {
      const end = token === undefined ? undefined : endOf(token);
      return token === undefined || end === undefined ? [] : [{ token, end }];
    })
    .toSorted((a, b) => b.end - a.end);
}

/** The token to use for an index; fails with what to do when there is none, or it has ended. */
export async function livingToken(index: IndexUrl, io: Io): Promise<string> {
  const [best] = await keptFor(index, io);
  const again = `run: packgate login --url ${index.origin}`;
  if (best === undefined) throw new Failure(`nobody is logged in to ${index.host} here; ${again}`);
  if (best.end <= io.clock()) {
    throw new Failure(`the login to ${index.host} ended at ${new Date(best.end).toISOString()}; ${again}`);
  }
  return best.token;
}
