import * as z from "zod";
import { NO_FACTS } from "../domain/facts.ts";
import { reduce } from "../state/reduce.ts";
import { KEYED_KINDS, SHARED_KINDS } from "../state/slice.ts";
import { claimSchema } from "./claims.ts";
import { Refusal } from "./refusal.ts";
import type { Identity, Saved, SavedOrganization } from "./saved.ts";
import { id, mapOf, moment, orUndefined, packageName, toJson } from "./schemas.ts";
import type { ReadPolicy } from "./slices.ts";
import { slicesOf, sliceSchema, toWritten } from "./slices.ts";

/**
 * A snapshot is lines of JSON: who wrote it and when, which deliveries were followed, then for each organization one line
 * of its own and one for every slice. Raise the version whenever a line changes its form; what another version wrote
 * is read from GitHub again.
 */
const FORMAT = "packgate-snapshot";
const VERSION = 3;

/**
 * Lazy, so that whoever writes the lines decides how many are made at a time. Names what it writes: an object may carry
 * more than its type says, and secrets are not far from an App's id.
 */
export function* encode({ writtenAt, followed, organizations }: Saved, { appId, apiUrl }: Identity): Generator<string> {
  yield toJson({ format: FORMAT, version: VERSION, appId, apiUrl, writtenAt });
  // After many webhooks it is the longest line by far, and names and numbers need no rewriting.
  yield JSON.stringify({ followed: [...followed] });
  for (const { organization, facts, ready, claims, inForce, bindings, ...rest } of organizations) {
    const { revision, doubts, sweptUntil, grant } = rest;
    const { id, login } = organization;
    const policy = inForce && { text: inForce.text };
    const slices = slicesOf(facts);
    const count = slices.length;
    const more = { revision, doubts, sweptUntil, grant, slices: count };
    yield toJson({ organization: { id, login }, ready, claims, policy, bindings, ...more });
    for (const slice of slices) yield toJson(toWritten(slice));
  }
}

/**
 * Reads lines whose checksum has been verified.
 *
 * @param header what {@link readHeader} made of the first line
 * @param readPolicy what a policy's text means
 * @throws {Refusal} when this App did not write them, or they do not mean what this version writes
 */
export function decode(
  { appId, apiUrl, writtenAt }: Header,
  lines: readonly string[],
  identity: Identity,
  readPolicy: ReadPolicy,
): Saved {
  if (appId !== identity.appId || apiUrl !== identity.apiUrl) {
    throw new Refusal(`belongs to App ${appId} on ${apiUrl}`, "give every App a folder of its own in PACKGATE_STATE");
  }
  try {
    const values = lines.values();
    const { followed } = followedSchema.parse(JSON.parse(values.next().value ?? ""));
    return { writtenAt, followed, organizations: organizationsIn(values, readPolicy) };
  } catch (error) {
    throw new Refusal("does not hold what this version of Packgate writes", undefined, { cause: error });
  }
}

export type Header = z.infer<typeof headerSchema>;

const anyHeaderSchema = z.looseObject({ format: z.literal(FORMAT), version: z.int() });

const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.int(),
  appId: z.int(),
  apiUrl: z.string(),
  writtenAt: moment,
});

/** @throws {Refusal} when the line begins no snapshot, or one of another version */
export function readHeader(line: string): Header {
  try {
    const { version } = anyHeaderSchema.parse(JSON.parse(line));
    if (version > VERSION)
      throw new Refusal(`was written by a newer Packgate (its format is ${version}, not ${VERSION})`);
    if (version < VERSION)
      throw new Refusal(`was written by an older Packgate (its format is ${version}, not ${VERSION})`);
    return headerSchema.parse(JSON.parse(line));
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("is not a snapshot of Packgate", undefined, { cause: error });
  }
}

const sliceKey = z.union([z.enum(SHARED_KINDS), z.templateLiteral([z.enum(KEYED_KINDS), "/", z.int()])]);

const organizationSchema = z.strictObject({
  organization: z.strictObject({ id, login: z.string() }),
  ready: z.boolean(),
  claims: mapOf(packageName, claimSchema),
  policy: orUndefined(z.strictObject({ text: orUndefined(z.string()) })),
  bindings: mapOf(z.string(), orUndefined(id)),
  revision: z.int(),
  doubts: z.array(sliceKey),
  sweptUntil: orUndefined(moment),
  grant: orUndefined(z.string()),
  slices: z.int().nonnegative(),
});

const followedSchema = z.strictObject({ followed: mapOf(z.string(), moment) });

function organizationsIn(values: ArrayIterator<string>, readPolicy: ReadPolicy): SavedOrganization[] {
  const schema = sliceSchema(readPolicy);
  const organizations: SavedOrganization[] = [];
  for (const line of values) {
    const { slices: count, policy: kept, ...organization } = organizationSchema.parse(JSON.parse(line));
    const slices = Array.from({ length: count }, () => schema.parse(JSON.parse(values.next().value ?? "")));
    // What another version could read and this one cannot is as good as never read.
    const policy = kept && readPolicy(kept.text).policy;
    const inForce = kept && policy && { text: kept.text, policy };
    organizations.push({ ...organization, inForce, facts: reduce(NO_FACTS, slices) });
  }
  return organizations;
}
