/** Tokens as GitHub would have made them: none of them was ever issued. Shares no code with the source. */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function base62(number: number): string {
  let text = "";
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) text = DIGITS.charAt(rest % 62) + text;
  return text.padStart(6, "0");
}

/** A `ghp_`, `gho_`, `ghu_` or old `ghs_` token with the right checksum. `seed` makes it differ from others. */
export function classicToken(seed: string | number, prefix = "ghp_"): string {
  const body = `${seed}`.padStart(30, "x");
  return `${prefix}${body}${base62(crc32(body))}`;
}

export function fineGrainedToken(seed: string | number): string {
  return `github_pat_${"A".repeat(22)}_${`${seed}`.padStart(59, "b")}`;
}
