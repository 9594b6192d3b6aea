/** A mask file and its siblings, from their sources and what the journal says of its regions. */
import { InputError } from "../../core/errors.ts";
import type { LabelMap } from "../../core/mask.ts";
import { type MaskReading, maskOf } from "../load-mask.ts";
import { findLabelTarget } from "../plan/find-label-target.ts";
import type { LabelDraft } from "../plan/plan-draft.ts";
import { composeLabels } from "../run/compose-labels.ts";
import type { PhotoRecord, SessionFields, TargetStamp } from "../run/journal/records.ts";
import { readSourceBytes } from "./read-source-bytes.ts";
import {
  type ComposedFile,
  type Rejections,
  type ReviewedFile,
  type ReviewPlace,
  sourcePath,
} from "./reviewed-file.ts";

/** Puts the same file together with one rejection or another. */
export type Composer = (rejections: Rejections) => Promise<readonly ComposedFile[]>;

/** Sources are the very bytes that the run has read, under its limit. */
const NO_LIMIT = Number.POSITIVE_INFINITY;

/**
 * Reads what a mask file is put together from.
 *
 * @throws {InputError} when the run has not done the file, its source was changed, or its original is missing
 */
export async function maskComposer(place: ReviewPlace, { path, decisions }: ReviewedFile): Promise<Composer> {
  const { key, target } = decisions[0]!;
  const record = recordOf(place, key);
  const stamp = record.targets[target]!;
  const bytes = await readSourceBytes(place, stamp);
  const at = sourcePath(place, path);
  const found = await findLabelTarget(at, place.state.header.root);
  const reading = readingOf(found, place.state.session);
  const mask = await maskOf({ name: at, bytes }, reading, NO_LIMIT);
  const siblings = await siblingsOf(place, stamp, found);
  const changes = record.changes.filter((change) => change.target === target);
  const labels = new Map(
    record.regions.filter((region) => region.target === target).map(({ id, label }) => [id, Number(label)]),
  );
  return async (rejections) => {
    const { map } = mask;
    const data = composeLabels(map, changes, (region) => labels.get(region) ?? 0, rejections(key, target));
    const after: LabelMap = { ...map, data };
    const composed: ComposedFile[] = [{ path, sha256: stamp.sha256, source: bytes, bytes: mask.write(data) }];
    for (const { follow, ...sibling } of siblings)
      composed.push({ ...sibling, bytes: await follow(map, after, sibling.source) });
    return composed;
  };
}

function recordOf({ state, journal }: ReviewPlace, key: string): PhotoRecord {
  return journal.read(state.photos.get(key)!.place) as PhotoRecord;
}

/** What the user said goes before what the layout says. */
function readingOf({ reading = {} }: LabelDraft, { options }: SessionFields): MaskReading {
  const { encoding, ignoreLabel } = options as MaskReading;
  return {
    ...reading,
    ...(encoding === undefined ? {} : { encoding }),
    ...(ignoreLabel === undefined ? {} : { ignoreLabel }),
  };
}

interface FollowingFile extends Omit<ComposedFile, "bytes"> {
  readonly follow: LabelDraft["siblings"][number]["follow"];
}

async function siblingsOf(
  place: ReviewPlace,
  { path, siblings = [] }: TargetStamp,
  found: LabelDraft,
): Promise<FollowingFile[]> {
  return Promise.all(
    siblings.map(async (stamp) => {
      const sibling = found.siblings.find((one) => one.path === sourcePath(place, stamp.path));
      if (sibling === undefined)
        throw new InputError(
          `${sourcePath(place, path)} no longer goes with ${stamp.path}: expected both as the run found them`,
        );
      const source = await readSourceBytes(place, stamp);
      return { path: stamp.path, sha256: stamp.sha256, source, follow: sibling.follow };
    }),
  );
}
