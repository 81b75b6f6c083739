import { baseUrl } from "../../config/parsers.ts";
import { misuse } from "../arguments.ts";
import { complaintSentence } from "../failure.ts";
import type { Arguments, Option } from "../verb.ts";

export const GITHUB_OPTION: Option = { value: "URL", meaning: "your GitHub Enterprise Server, where it is not GitHub" };

/** @returns the origin of the GitHub that somebody named; `undefined`: nobody did */
export function githubNamed(verb: string, args: Arguments): string | undefined {
  const text = args.text("github");
  if (text === undefined) return undefined;
  const parsed = baseUrl(text);
  if ("value" in parsed) return new URL(parsed.value).origin;
  throw misuse({ name: verb }, `cannot use --github: it ${complaintSentence(parsed.complaints)}`);
}

/**
 * Whether somebody may be sent to a URL that an index gave: to GitHub's own, which is github.com and below ghe.com, to
 * one that they named, and to this machine, where GitHub is tried without one.
 *
 * @param named an origin; then only that
 */
export function isGitHub(url: string, named: string | undefined): boolean {
  if (!("value" in baseUrl(url))) return false;
  const { origin, protocol } = new URL(url);
  if (named !== undefined) return origin === named;
  // To other machines than this one baseUrl lets no plain http through.
  return GITHUB.test(origin) || protocol === "http:";
}

const GITHUB = /^https:\/\/(?:github\.com|[a-z0-9-]+\.ghe\.com)$/;
