/** What a worker made of a photo, as one file: a line of JSON, then the results' bytes. The same work gives the same bytes. */
import { InputError } from "../core/errors.ts";
import type { PhotoWork } from "../dataset/plan/dataset-plan.ts";
import { isObject, isString } from "../dataset/run/journal/json-checks.ts";
import { parseRecord } from "../dataset/run/journal/parse-record.ts";
import type { ChangeRecord, PhotoRecord } from "../dataset/run/journal/records.ts";
import { OpenWork, type RegionClaim } from "../dataset/run/open-work.ts";
import { compressCounts, expandCounts } from "../formats/compressed-counts.ts";

/** Changes texts that people read: paths differ from machine to machine. */
export type Rewrite = (text: string) => string;

interface ClaimRecord extends Omit<RegionClaim, "runs"> {
  readonly size: ChangeRecord["size"];
  readonly counts: string;
}

type Told = Pick<PhotoRecord, "photo" | "targets" | "regions" | "changes" | "failures" | "notes">;

type Texts = Pick<Told, "failures" | "notes" | "regions">;

interface Head extends Told {
  readonly claims: readonly ClaimRecord[];
  readonly results: readonly { readonly path: string; readonly before: string; readonly length: number }[];
}

/** Packs a photo whose pieces are all refined. */
export function packBundle(open: OpenWork, rewrite: Rewrite): Uint8Array {
  const { stamp, targets, changes, claims, results } = open;
  const head: Head = {
    ...{ photo: stamp, targets, changes },
    ...rewritten(open, rewrite),
    claims: claims.map(({ runs: { width, height, counts }, ...claim }) => ({
      ...claim,
      size: [height, width],
      counts: compressCounts(counts),
    })),
    results: results.map(({ path, before, bytes }) => ({ path, before, length: bytes.length })),
  };
  const line = Buffer.from(`${JSON.stringify(head)}\n`);
  return Buffer.concat([line, ...results.map(({ bytes }) => bytes)]);
}

/**
 * Unpacks it. Workers are other machines: nothing that a journal would not take gets through, and no file but the
 * photo's own.
 *
 * @throws {InputError} for a bundle that is none, or not of this photo
 */
export function unpackBundle(bytes: Uint8Array, work: PhotoWork, rewrite: Rewrite): OpenWork {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf(10);
  const head = headOf(buffer.subarray(0, Math.max(end, 0)).toString("utf8"), work);
  const open = new OpenWork(work);
  open.stamp = head.photo;
  open.targets.push(...head.targets);
  open.changes.push(...head.changes);
  const { failures, notes, regions } = rewritten(head, rewrite);
  open.regions.push(...regions);
  open.failures.push(...failures);
  open.notes.push(...notes);
  for (const { size, counts, ...claim } of head.claims) {
    const [height, width] = size;
    open.claims.push({ ...claim, runs: { width, height, counts: expandCounts(counts) } });
  }
  let at = end + 1;
  for (const { path, before, length } of head.results) {
    if (at + length > buffer.length) throw broken(work);
    open.results.push({ path, before, bytes: buffer.subarray(at, at + length) });
    at += length;
  }
  if (at !== buffer.length) throw broken(work);
  return open;
}

function rewritten({ failures, notes, regions }: Texts, rewrite: Rewrite): Texts {
  return {
    regions: regions.map((region) =>
      region.reason === undefined ? region : { ...region, reason: rewrite(region.reason) },
    ),
    failures: failures.map(({ path, message }) => ({ path, message: rewrite(message) })),
    notes: notes.map(rewrite),
  };
}

function headOf(line: string, work: PhotoWork): Head {
  let head: unknown;
  try {
    head = JSON.parse(line);
  } catch {
    throw broken(work);
  }
  if (!isHead(head) || !isJournalled(head, work) || !isOwn(head, work)) throw broken(work);
  return head;
}

function isHead(value: unknown): value is Head {
  if (!isObject(value)) return false;
  const { claims, results } = value;
  return (
    Array.isArray(claims) &&
    claims.every(
      (claim) =>
        isObject(claim) &&
        isString(claim["region"]) &&
        isString(claim["counts"]) &&
        Array.isArray(claim["size"]),
    ) &&
    Array.isArray(results) &&
    results.every(
      (one) => isObject(one) && isString(one["path"]) && isString(one["before"]) && isLength(one["length"]),
    )
  );
}

function isLength(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** Whether a journal could be read again that has it. */
function isJournalled(
  { photo, targets, regions, changes, failures, notes }: Head,
  { key }: PhotoWork,
): boolean {
  const timings = { read: 0, encode: 0, refine: 0, write: 0 };
  const record = { type: "photo", key, session: "", photo, targets, regions, changes, failures, notes };
  return parseRecord(JSON.stringify({ ...record, written: [], timings })).type === "photo";
}

/** Whether it speaks of nothing but the photo's files. */
function isOwn({ targets, results, claims, regions, changes }: Head, work: PhotoWork): boolean {
  const files = new Set(
    work.targets.flatMap((target) => [
      target.relative,
      ...(target.kind === "labels" ? target.siblings.map(({ relative }) => relative) : []),
    ]),
  );
  const isTarget = ({ target }: { readonly target: number }): boolean => work.targets[target] !== undefined;
  return (
    results.every(({ path }) => files.has(path)) &&
    targets.every(({ path }, i) => path === work.targets[i]?.relative) &&
    [...claims, ...regions, ...changes].every(isTarget) &&
    claims.every(({ report }) => regions[report] !== undefined)
  );
}

function broken({ key }: PhotoWork): InputError {
  return new InputError(`The result of ${key} that a worker sent is damaged: expected one of this photo`);
}
