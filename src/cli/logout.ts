import { Failure } from "./failure.ts";
import { EXIT, type Io } from "./io.ts";
import { type IndexUrl, indexUrl, URL_OPTION } from "./login/index-url.ts";
import { type Kept, keptFor } from "./login/kept.ts";
import { burn } from "./login/server.ts";
import { keyringStore, netrcStore } from "./login/stores.ts";
import { printLine } from "./print.ts";
import type { Verb } from "./verb.ts";

export const logout: Verb = {
  name: "logout",
  summary: "end your login, and forget its token",
  operands: [],
  options: { url: URL_OPTION },
  notes: `Ends the token at the index, and takes it out of the keyring and out of netrc.`,
  run: async (args, io) => {
    const index = indexUrl("logout", args, io);
    const kept = await keptFor(index, io);
    const problem = await endAll(kept, index, io);
    await forget(index, io);
    if (problem !== undefined) throw problem;
    printLine(io, kept.length === 0 ? `Nobody was logged in to ${index.host} here` : `Logged out of ${index.host}`);
    return EXIT.ok;
  },
};

/** @returns what to say where the index could not be told: the tokens are forgotten here all the same */
async function endAll(kept: readonly Kept[], index: IndexUrl, io: Io): Promise<Failure | undefined> {
  const living = kept.filter(({ end }) => end > io.clock());
  try {
    for (const { token } of living) await burn(io, index, token);
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const until = living.map(({ end }) => new Date(end).toISOString())[0] ?? "";
    return new Failure(`the token is forgotten here and may live on until ${until}, because ${error.message}`);
  }
}

async function forget(index: IndexUrl, io: Io): Promise<void> {
  // Where there is no keyring, nothing is in it.
  await keyringStore(index, io)
    .remove()
    .catch(() => undefined);
  await netrcStore(index, io).remove();
}
