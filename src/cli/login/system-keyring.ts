import type { AsyncEntry } from "@napi-rs/keyring";
import type { Keyring } from "../io.ts";

/** What tools send as user name beside a token that says itself whose it is. */
export const USERNAME = "__token__";

/** The part of `@napi-rs/keyring` that is used here. */
export interface NativeKeyring {
  readonly AsyncEntry: {
    new (
      ...entry: ConstructorParameters<typeof AsyncEntry>
    ): Pick<AsyncEntry, "getPassword" | "setPassword" | "deletePassword">;
    withTarget: typeof AsyncEntry.withTarget;
  };
}

/**
 * The keyring of this system, its entries named as Python's `keyring` names them, so that pip and twine find them by
 * themselves: `service` and `username` in the Secret Service, service and account on macOS, and on Windows the
 * service as the target of the credential.
 *
 * @param load what speaks to it; rejects where it was not built for this system
 * @param platform as Node names it
 */
export function systemKeyring(load: () => Promise<NativeKeyring>, platform: string): Keyring {
  const entry = async (
    service: string,
  ): Promise<Pick<AsyncEntry, "getPassword" | "setPassword" | "deletePassword">> => {
    const { AsyncEntry } = await load();
    if (platform === "win32") return AsyncEntry.withTarget(service, service, USERNAME);
    // The kernel's own keyring, which would do for it, ends with the session, and no other tool looks there.
    return new AsyncEntry(service, USERNAME, { linux: { store: "secret-service" } });
  };
  return {
    get: async (service) => (await (await entry(service)).getPassword()) ?? undefined,
    set: async (service, token) => (await entry(service)).setPassword(token),
    remove: async (service) => {
      await (await entry(service)).deletePassword();
    },
  };
}
