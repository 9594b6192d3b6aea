/** A job as a worker finds it, checked: whoever can write to the Redis can put anything there. */
import { InputError } from "../core/errors.ts";
import { isObject, isString } from "../dataset/run/journal/json-checks.ts";
import type { PhotoJob } from "./job.ts";

type Check = (value: unknown) => boolean;

const isSha256: Check = (value) => isString(value) && /^[0-9a-f]{64}$/.test(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(checks).every(([name, check]) => check(value[name]));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** Names become names of files. */
const isFileName: Check = (value) =>
  isString(value) && /^[^\\/\0]{1,255}$/.test(value) && !/^\.{1,2}$/.test(value);

const file = fields({ name: isFileName, at: isString, sha256: optional(isSha256) });
const sibling = fields({ relative: isString, rule: isString, file });
const target: Check = (value) =>
  isObject(value) &&
  isString(value["relative"]) &&
  file(value["file"]) &&
  (value["kind"] === "labels"
    ? listOf(sibling)(value["siblings"])
    : value["kind"] === "annotations" && isString(value["photoId"]) && isString(value["format"]));
const files: Check = (value) =>
  isObject(value) && Object.entries(value).every(([name, sha256]) => isFileName(name) && isSha256(sha256));

const job = fields({
  stamp: isString,
  run: isString,
  session: isString,
  place: fields({ kind: (kind) => kind === "folder" || kind === "store", results: isString }),
  model: fields({ name: isString, sha256: isSha256, manifest: optional(isSha256), files: optional(files) }),
  adaptor: optional(isSha256),
  method: fields({ settings: isObject, mode: isString, reading: isObject }),
  pixelLimit: Number.isInteger,
  key: isString,
  photo: file,
  targets: listOf(target),
  handedBack: optional(fields({ times: Number.isInteger, since: Number.isFinite })),
  earlier: optional(
    fields({ session: isString, targets: listOf(isObject), rejected: listOf(listOf(isString)) }),
  ),
});

/**
 * Checks a job of this release.
 *
 * @throws {InputError} when it is none
 */
export function parseJob(value: unknown): PhotoJob {
  if (job(value)) return value as PhotoJob;
  throw new InputError("The queue holds something that is no job of samrefiner: expected jobs of photos");
}
