import { sameValues } from "../../core/mask.ts";
import { decodeRuns, type RunLengthMask, runArea } from "../../core/run-length.ts";
import type { AnnotatedPhoto, AnnotatedRegion, RegionChange } from "./annotation-file.ts";

/**
 * The changes of a file, by region, without those that change no pixel.
 *
 * @throws {RangeError} for a region that the file does not have, that is never refined or comes twice; for an empty
 *   mask, or one of another size than the photo's
 */
export function acceptChanges(
  photos: readonly AnnotatedPhoto[],
  changes: Iterable<RegionChange>,
): Map<string, RunLengthMask> {
  const known = new Map(
    photos.flatMap((photo) => photo.regions.map((region) => [region.id, { photo, region }])),
  );
  const accepted = new Map<string, RunLengthMask>();
  const seen = new Set<string>();
  for (const { region: id, mask } of changes) {
    const target = known.get(id);
    if (target === undefined) throw new RangeError(`No region "${id}" in the file`);
    if (seen.has(id)) throw new RangeError(`Region "${id}" is changed twice`);
    seen.add(id);
    checkChange(target.photo, target.region, mask);
    if (!isUnchanged(target.region, mask)) accepted.set(id, mask);
  }
  return accepted;
}

function checkChange({ size }: AnnotatedPhoto, { id, skip }: AnnotatedRegion, mask: RunLengthMask): void {
  if (skip !== undefined) throw new RangeError(`Region "${id}" is never refined: ${skip}`);
  if (runArea(mask) === 0) throw new RangeError(`The mask of region "${id}" is empty`);
  if (size !== undefined && (size.width !== mask.width || size.height !== mask.height)) {
    const found = `${mask.width}×${mask.height}`;
    throw new RangeError(`The mask of region "${id}" is ${found}: expected ${size.width}×${size.height}`);
  }
}

function isUnchanged(region: AnnotatedRegion, mask: RunLengthMask): boolean {
  const { data } = decodeRuns(mask);
  try {
    return sameValues(region.mask(mask).data, data);
  } catch {
    // What cannot be read is replaced.
    return false;
  }
}
