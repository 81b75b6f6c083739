import type { Random } from "./random.ts";
import type { TokenBook, UserTokenOptions } from "./tokens.ts";

/** The device flow (RFC 8628) as GitHub has it: codes that wait for somebody to enter them in a browser. */

const letters = "BCDFGHJKLMNPQRSTVWXZ";
const hex = "0123456789abcdef";
const eightHours = 8 * 3_600_000;

type Device = {
  userCode: string;
  expiresAt: number;
  /** seconds */
  interval: number;
  polledAt: number;
  answer: "pending" | "denied" | { userId: number; options: UserTokenOptions };
};
export type DeviceBook = ReturnType<typeof createDeviceBook>;
export type Poll = { error: string; interval?: number } | { token: string; refreshToken: string };

export function createDeviceBook(random: Random, clock: () => number, tokens: TokenBook) {
  const book = new Map<string, Device>();
  const entered = (userCode: string): Device => {
    const device = [...book.values()].find((each) => each.userCode === userCode);
    if (device === undefined) throw new Error(`nobody waits for ${userCode}`);
    return device;
  };

  return {
    /** In the App's settings ("Enable Device Flow"), and how GitHub wants to be polled; both in seconds. */
    settings: { enabled: true, interval: 5, lifetime: 900 },
    begin(): { deviceCode: string; device: Device } {
      const userCode = `${random.text(4, letters)}-${random.text(4, letters)}`;
      const { interval, lifetime } = this.settings;
      const device: Device = {
        userCode,
        interval,
        answer: "pending",
        expiresAt: clock() + lifetime * 1000,
        polledAt: clock(),
      };
      const deviceCode = random.text(40, hex);
      book.set(deviceCode, device);
      return { deviceCode, device };
    },
    poll(deviceCode: string): Poll {
      const device = book.get(deviceCode);
      if (device === undefined) return { error: "incorrect_device_code" };
      const early = clock() - device.polledAt < device.interval * 1000;
      device.polledAt = clock();
      if (clock() >= device.expiresAt) return { error: "expired_token" };
      if (early) return { error: "slow_down", interval: (device.interval += 5) };
      const { answer } = device;
      if (answer === "denied") return { error: "access_denied" };
      if (answer === "pending") return { error: "authorization_pending" };
      book.delete(deviceCode);
      const options = { expiresAt: clock() + eightHours, ...answer.options };
      return {
        token: tokens.issueToUser(answer.userId, "app-user", options),
        refreshToken: `ghr_${random.text(76, hex)}`,
      };
    },
    /** Codes that wait to be entered. */
    waiting: (): string[] =>
      [...book.values()].flatMap(({ answer, userCode }) => (answer === "pending" ? [userCode] : [])),
    /** Somebody enters the code and authorizes the App. */
    approve(userCode: string, userId: number, options: UserTokenOptions = {}): void {
      entered(userCode).answer = { userId, options };
    },
    /** Somebody enters the code and chooses Cancel. */
    deny(userCode: string): void {
      entered(userCode).answer = "denied";
    },
  };
}
