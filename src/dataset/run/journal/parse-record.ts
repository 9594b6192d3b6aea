/** One line of a journal, checked. */
import { isObject, isString } from "./json-checks.ts";
import { type JournalRecord, READABLE_VERSIONS } from "./records.ts";

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const isNumber: Check = (value) => typeof value === "number";
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const fields =
  (checks: Fields): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(checks).every(([name, check]) =>
      check(Object.hasOwn(value, name) ? value[name] : undefined),
    );
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);

const isVersion: Check = (value) => READABLE_VERSIONS.includes(value as number);
const isHash: Check = (value) => isString(value) && /^[0-9a-f]{64}$/.test(value);
const stamp: Fields = { path: isString, sha256: isHash };
const written = listOf(fields({ ...stamp, original: optional(isHash) }));
const numbers = (count: number): Check => {
  const list = listOf(isNumber);
  return (value) => list(value) && (value as unknown[]).length === count;
};
const session: Fields = {
  created: isString,
  model: fields({ name: isString, sha256: isString }),
  device: isString,
  options: isObject,
  session: isString,
};
const region = fields({
  target: Number.isInteger,
  id: isString,
  label: isString,
  verdict: oneOf("refined", "kept", "unchanged", "failed"),
  reason: optional(isString),
  doubt: isNumber,
  box: optional(numbers(4)),
  area: isNumber,
  refinedArea: isNumber,
  coarseIoU: isNumber,
  predictedIoU: optional(isNumber),
  stability: optional(isNumber),
  contrastGain: optional(isNumber),
  lost: optional(isNumber),
});

const kinds: Readonly<Record<JournalRecord["type"], Check>> = {
  header: fields({
    ...session,
    version: isVersion,
    root: isString,
    out: nullable(isString),
  }),
  resumed: fields(session),
  writing: fields({ files: written }),
  photo: fields({
    key: isString,
    session: isString,
    photo: nullable(fields(stamp)),
    targets: listOf(
      fields({
        ...stamp,
        kind: oneOf("labels", "annotations"),
        photoId: optional(isString),
        format: optional(isString),
        siblings: optional(listOf(fields(stamp))),
      }),
    ),
    regions: listOf(region),
    changes: listOf(
      fields({
        target: Number.isInteger,
        region: isString,
        size: numbers(2),
        counts: isString,
        gone: optional(isString),
      }),
    ),
    written,
    failures: listOf(fields({ path: isString, message: isString })),
    notes: listOf(isString),
    timings: fields({ read: isNumber, encode: isNumber, refine: isNumber, write: isNumber }),
  }),
  review: fields({
    decided: isString,
    decisions: listOf(
      fields({
        key: isString,
        target: Number.isInteger,
        id: isString,
        decision: nullable(oneOf("accepted", "rejected")),
      }),
    ),
    files: written,
  }),
  failed: fields({ path: isString, photoId: optional(isString), message: isString }),
  end: fields({
    ended: isString,
    totals: fields({
      photos: isNumber,
      failed: isNumber,
      regions: fields({ refined: isNumber, kept: isNumber, unchanged: isNumber, failed: isNumber }),
    }),
  }),
};

/** The record in a line of text, or what is wrong with it. */
export function parseRecord(line: string): JournalRecord | { readonly type: "broken"; readonly why: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { type: "broken", why: "is no JSON" };
  }
  if (!isObject(value) || !isString(value["type"]) || !Object.hasOwn(kinds, value["type"])) {
    return { type: "broken", why: "is no record of a run" };
  }
  const { type } = value as { type: JournalRecord["type"] };
  if (type === "header" && !isVersion(value["version"])) {
    return { type: "broken", why: `has version ${JSON.stringify(value["version"])} of the format` };
  }
  if (!kinds[type](value)) return { type: "broken", why: `is no whole "${type}" record` };
  return value as unknown as JournalRecord;
}
