import { createHash } from "node:crypto";
import * as z from "zod";
import { ServiceError } from "../../errors.ts";
import type { Page, SearchReply } from "../contract/authzen.ts";

/** A search in the midst of its pages: which one it is, where it goes on, and how long its pages are. */
const Token = z.tuple([z.string(), z.int().nonnegative(), z.int().positive()]);

/**
 * One page of results. Its token holds nothing but a place, for whoever sends it must ask the same question, and is
 * answered from what is known then.
 *
 * @param question everything that must stay the same from page to page
 */
export function pageOf<T>(
  results: readonly T[],
  page: Page,
  question: unknown,
): { readonly results: readonly T[]; readonly page?: NonNullable<SearchReply["page"]> } {
  if (page?.token === undefined && page?.limit === undefined) return { results };
  const asked = createHash("sha256").update(JSON.stringify(question)).digest("base64url");
  const [start, limit] = placeOf(page, asked);
  const shown = results.slice(start, start + limit);
  const end = start + shown.length;
  // Pages of nothing would never come to an end: whoever wants none is told how many there are, and no more.
  const next = end < results.length && limit > 0 ? write(asked, end, limit) : "";
  return { page: { next_token: next, count: shown.length, total: results.length }, results: shown };
}

function placeOf(
  { token, limit = Infinity }: NonNullable<Page>,
  asked: string,
): readonly [start: number, limit: number] {
  if (token === undefined) return [0, limit];
  const [question, start, length] = read(token);
  const same = question === asked && (limit === Infinity || limit === length);
  if (!same) throw new ServiceError("invalid_request", "page.token: this belongs to another search");
  return [start, length];
}

function write(...parts: z.infer<typeof Token>): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function read(token: string): z.infer<typeof Token> {
  try {
    return Token.parse(JSON.parse(Buffer.from(token, "base64url").toString()));
  } catch {
    throw new ServiceError("invalid_request", "page.token: not one of ours");
  }
}
