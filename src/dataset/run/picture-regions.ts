/** Thumbnails of regions, from the files that a run read and wrote. */
import { join } from "node:path";
import type { LabelMap } from "../../core/mask.ts";
import { decodeRuns } from "../../core/run-length.ts";
import { readPhotoHeader } from "../../engine/photo.ts";
import { expandCounts } from "../../formats/compressed-counts.ts";
import { type Picture, regionThumbnail } from "../../render/mod.ts";
import { type LoadedMask, type MaskReading, maskOf } from "../load-mask.ts";
import { decodeSource, fitMask } from "../load-photo.ts";
import { readSource } from "../read-source.ts";
import { AnnotationSources } from "./annotation-sources.ts";
import { composeLabels } from "./compose-labels.ts";
import { hashOf, hashOfFile } from "./content.ts";
import { readJournal } from "./journal/read-journal.ts";
import type { HeaderRecord, PhotoRecord, RegionReport, TargetStamp } from "./journal/records.ts";
import type { Canvas } from "./open-work.ts";
import { originalPath } from "./originals.ts";
import { layOf } from "./read-works.ts";

/** A region to show. */
export interface RegionName {
  /** Key of its photo. */
  readonly photo: string;
  readonly file: string;
  readonly id: string;
}

/**
 * Draws regions with their coarse and refined outlines. A region whose files are gone or changed since is left out.
 *
 * @param path of the journal
 * @param onPicture takes each as it is drawn
 */
export async function pictureRegions(
  path: string,
  wanted: readonly RegionName[],
  pixelLimit: number,
  onPicture: (region: RegionName, picture: Picture) => Promise<void>,
): Promise<void> {
  const { header, records } = recordsOf(path, new Set(wanted.map(({ photo }) => photo)));
  const sources = new AnnotationSources();
  for (const record of records.values()) {
    const own = wanted.filter(({ photo }) => photo === record.key);
    try {
      await picturePhoto({ journal: path, header, record, pixelLimit, sources }, own, onPicture);
    } catch {
      // A picture is not worth a failed report.
    }
  }
}

interface Shelf {
  readonly journal: string;
  readonly header: HeaderRecord;
  readonly record: PhotoRecord;
  readonly pixelLimit: number;
  readonly sources: AnnotationSources;
}

function recordsOf(
  path: string,
  keys: ReadonlySet<string>,
): { header: HeaderRecord; records: Map<string, PhotoRecord> } {
  const records = new Map<string, PhotoRecord>();
  let header: HeaderRecord | undefined;
  for (const { record } of readJournal(path)) {
    if (record.type === "header") header = record;
    if (record.type === "photo" && keys.has(record.key)) records.set(record.key, record);
  }
  return { header: header!, records };
}

async function picturePhoto(
  shelf: Shelf,
  wanted: readonly RegionName[],
  onPicture: (region: RegionName, picture: Picture) => Promise<void>,
): Promise<void> {
  const { header, record, pixelLimit } = shelf;
  // A photo outside of the dataset's folder has an absolute key.
  const place = join(header.root, record.key);
  const source = await readSource((await hashOfFile(place)) === undefined ? record.key : place, "photo");
  if (hashOf(source.bytes) !== record.photo?.sha256) return;
  const canvas: Canvas = {
    header: await readPhotoHeader(source.bytes, source.name, pixelLimit),
    name: source.name,
  };
  const { photo } = await decodeSource(source);
  for (const name of wanted) {
    const region = record.regions.find(
      ({ target, id }) => id === name.id && record.targets[target]?.path === name.file,
    );
    if (region?.box === undefined) continue;
    const maps = await outlinesOf(shelf, region, canvas).catch(() => undefined);
    if (maps !== undefined)
      await onPicture(name, regionThumbnail(photo, maps.coarse, maps.refined, region.box));
  }
}

interface Outlines {
  readonly coarse: LabelMap;
  readonly refined: LabelMap;
}

async function outlinesOf(shelf: Shelf, region: RegionReport, canvas: Canvas): Promise<Outlines | undefined> {
  const target = shelf.record.targets[region.target]!;
  const before = await sourceOf(shelf, target);
  if (before === undefined) return undefined;
  return target.kind === "labels"
    ? labelOutlines(shelf, region, target, before, canvas)
    : regionOutlines(shelf, region, target, before, canvas);
}

/** Path of a target as it was read: its own, or the stored original. */
async function sourceOf(
  { journal, header }: Shelf,
  { path, sha256 }: TargetStamp,
): Promise<string | undefined> {
  for (const place of [join(header.root, path), originalPath(journal, sha256)])
    if ((await hashOfFile(place)) === sha256) return place;
  return undefined;
}

/** What the run made of it, whatever was decided since. */
async function labelOutlines(
  { header, record, pixelLimit }: Shelf,
  { target }: RegionReport,
  { path }: TargetStamp,
  before: string,
  canvas: Canvas,
): Promise<Outlines> {
  const { encoding, ignoreLabel } = header.options as MaskReading;
  const read = async (place: string): Promise<LoadedMask> =>
    maskOf(await readSource(place, "mask"), { encoding, ignoreLabel }, pixelLimit);
  const upright = (mask: LoadedMask): LabelMap => fitMask(mask, canvas.header, canvas.name).map;
  const coarse = await read(before);
  const changes = record.changes.filter((change) => change.target === target);
  if (changes.length === 0)
    return { coarse: upright(coarse), refined: upright(await read(join(header.out ?? header.root, path))) };
  const labels = new Map(
    record.regions.flatMap((region) => (region.target === target ? [[region.id, Number(region.label)]] : [])),
  );
  const data = composeLabels(coarse.map, changes, (id) => labels.get(id) ?? 0, new Set());
  return { coarse: upright(coarse), refined: upright({ ...coarse, map: { ...coarse.map, data } }) };
}

async function regionOutlines(
  { record, sources }: Shelf,
  { target, id }: RegionReport,
  { path, photoId, format }: TargetStamp,
  before: string,
  canvas: Canvas,
): Promise<Outlines | undefined> {
  const { file, photos } = await sources.get(before, { name: path, format });
  const photo = photos.get(photoId ?? "");
  const region = photo?.regions.find((one) => one.id === id);
  if (photo === undefined || region === undefined) return undefined;
  const { size, turn } = layOf(photo, canvas, file.name);
  const upright = (map: LabelMap): LabelMap => turn?.upright(map) ?? map;
  const coarse = upright(region.mask(size));
  const change = record.changes.find((one) => one.target === target && one.region === id);
  if (change === undefined) return { coarse, refined: coarse };
  const [height, width] = change.size;
  return { coarse, refined: upright(decodeRuns({ width, height, counts: expandCounts(change.counts) })) };
}
