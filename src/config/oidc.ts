import { baseUrl, complaint, type Complaint, type Parse } from "./parsers.ts";

/** Comma separated URLs, each as the `iss` of its tokens has it. */
export const issuers: Parse<readonly string[]> = (text) => {
  const complaints: Complaint[] = [];
  const found: string[] = [];
  for (const [index, entry] of text.split(",").entries()) {
    const parsed = baseUrl(entry.trim());
    if ("value" in parsed) found.push(parsed.value);
    else {
      complaints.push(
        ...parsed.complaints.map(({ problem, fix }) => ({ problem: `entry ${index + 1} ${problem}`, fix })),
      );
    }
  }
  return complaints.length > 0 ? { complaints } : { value: Object.freeze(found) };
};

export const audience: Parse<string> = (text) =>
  /^[\x21-\x7e]{1,255}$/.test(text)
    ? { value: text }
    : complaint("is not an audience", "use up to 255 letters, digits and punctuation without spaces, as in packgate");
