import * as z from "zod";
import { textOf } from "../body.ts";
import { PublishingRequest } from "../contract/publishing.ts";

/** The token in a body `{"token":"…"}`, whatever its media type: old versions of uv send none. @returns `undefined`: it has none */
export function tokenIn(body: Buffer): string | undefined {
  const json = z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue("not JSON");
      return z.NEVER;
    }
  });
  return json.pipe(PublishingRequest).safeParse(textOf(body)).data?.token;
}
