/** Reading photos and what lies on them, piece by piece, so that memory stays flat however much it is. */
import { InputError } from "../../core/errors.ts";
import type { LabelMap } from "../../core/mask.ts";
import type { MaskMode } from "../../core/settings.ts";
import { readPhotoHeader } from "../../engine/photo.ts";
import type { AnnotatedPhoto, AnnotatedRegion, Size } from "../../formats/annotations/annotation-file.ts";
import { type LoadedMask, maskOf, type Turn } from "../load-mask.ts";
import { decodeSource, fitMask } from "../load-photo.ts";
import type { AnnotationTarget, LabelTarget, PhotoWork, Target } from "../plan/dataset-plan.ts";
import { readSource } from "../read-source.ts";
import { turnBack, turnUpright } from "../upright.ts";
import type { AnnotationSources } from "./annotation-sources.ts";
import { hashOf, hashOfFile } from "./content.ts";
import type { Destination } from "./destination.ts";
import { isJudgedAgain, type JudgedPhoto } from "./journal/decision-book.ts";
import type { JournalState, KnownPhoto } from "./journal/journal-state.ts";
import type { FileStamp, RegionReport, TargetStamp } from "./journal/records.ts";
import { type Canvas, messageOf, OpenWork, type Piece, type ReadStep, type Step } from "./open-work.ts";
import type { ResolvedRun } from "./run-options.ts";

/** Pixels of maps that are refined in one go. */
const BATCH_PIXELS = 2 ** 25;

/** What an earlier session judged, and what a person then rejected. */
export interface EarlierPhotos {
  readonly photos: { get(key: string): JudgedPhoto | undefined };
  rejected(key: string, target: number): ReadonlySet<string>;
}

/** What reading one photo's files needs: a worker elsewhere has no more than that. */
export interface WorkPlace {
  readonly run: Pick<ResolvedRun, "reading" | "mode" | "settings" | "adaptor">;
  readonly session: string;
  readonly state: EarlierPhotos;
  readonly destination: Pick<Destination, "revert">;
  readonly sources: AnnotationSources;
  readonly pixelLimit: number;
  readonly signal: AbortSignal | undefined;
}

/** What reading needs. */
export interface ReadingPlace extends WorkPlace {
  readonly run: ResolvedRun;
  readonly state: JournalState;
  readonly destination: Destination;
}

/** Contents that were hashed, by path: annotation files are asked about by every photo in them. */
export type KnownHashes = Map<string, Promise<string | undefined>>;

/** Reads works one after the other; errors of a photo or file are noted in it. */
export async function* readWorks(works: readonly PhotoWork[], place: ReadingPlace): AsyncGenerator<Step> {
  const hashes: KnownHashes = new Map();
  for (const work of works) {
    place.signal?.throwIfAborted();
    const known = await knownWork(work, place, hashes);
    if (known !== undefined) yield { kind: "known", work, known };
    else yield* readWork(work, place);
  }
}

/** The work's record when everything is as it was then. */
export async function knownWork(
  work: PhotoWork,
  { state, session, destination }: Pick<ReadingPlace, "state" | "session" | "destination">,
  hashes: KnownHashes,
): Promise<KnownPhoto | undefined> {
  const known = state.photos.get(work.key);
  if (known === undefined || known.failed || known.session !== session) return undefined;
  const hash = (path: string): Promise<string | undefined> => {
    const found = hashes.get(path) ?? hashOfFile(path).catch(() => undefined);
    hashes.set(path, found);
    return found;
  };
  const holds = async (path: string, { path: relative, sha256 }: FileStamp): Promise<boolean> => {
    const found = await hash(path);
    return found !== undefined && destination.originalOf(relative, found) === sha256;
  };
  if (!sameTargets(work.targets, known.targets)) return undefined;
  if ((await hashOfFile(work.photo).catch(() => undefined)) !== known.photo?.sha256) return undefined;
  for (const [i, target] of work.targets.entries()) {
    const stamp = known.targets[i]!;
    if (!(await holds(target.path, stamp))) return undefined;
    for (const [k, sibling] of siblingsOf(target).entries())
      if (!(await holds(sibling.path, stamp.siblings![k]!))) return undefined;
  }
  // A review may have written it since.
  for (const file of known.written)
    if (!(await destination.holds(state.lastOf(file.path) ?? file))) return undefined;
  return known;
}

function siblingsOf(target: Target): LabelTarget["siblings"] {
  return target.kind === "labels" ? target.siblings : [];
}

function sameTargets(targets: readonly Target[], stamps: readonly TargetStamp[]): boolean {
  const name = (target: Target): string =>
    JSON.stringify([
      target.kind,
      target.relative,
      target.kind === "annotations" ? target.photoId : null,
      siblingsOf(target).map(({ relative }) => relative),
    ]);
  const then = ({ kind, path, photoId, siblings = [] }: TargetStamp): string =>
    JSON.stringify([kind, path, photoId ?? null, siblings.map((sibling) => sibling.path)]);
  return targets.length === stamps.length && targets.every((target, i) => name(target) === then(stamps[i]!));
}

/** Reads what lies on one photo, in batches; errors of a file are noted in the work. */
export async function* readWork(work: PhotoWork, place: WorkPlace): AsyncGenerator<ReadStep> {
  const open = new OpenWork(work);
  const batch = new Batch();
  try {
    const canvas = await timed(open, () => openPhoto(open, place));
    for (const [index, target] of work.targets.entries()) {
      const pieces = piecesOf(index, target, open, canvas, place);
      for (;;) {
        const { done, value } = await timed(open, () => nextPiece(pieces, open, target, place.signal));
        if (done === true) break;
        batch.add(value);
        if (batch.full) yield { kind: "refine", open, pieces: batch.take() };
      }
    }
    if (batch.any) yield { kind: "refine", open, pieces: batch.take() };
  } catch (error) {
    open.fail(work.key, error, place.signal);
  }
  yield { kind: "finish", open };
}

async function timed<T>(open: OpenWork, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    open.spend("read", started);
  }
}

class Batch {
  #pieces: Piece[] = [];
  #pixels = 0;

  add(piece: Piece): void {
    this.#pieces.push(piece);
    this.#pixels += piece.task.map.data.length;
  }

  get any(): boolean {
    return this.#pieces.length > 0;
  }

  get full(): boolean {
    return this.#pixels >= BATCH_PIXELS;
  }

  take(): Piece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#pixels = 0;
    return pieces;
  }
}

async function openPhoto(open: OpenWork, { pixelLimit, signal }: WorkPlace): Promise<Canvas> {
  const { key, photo } = open.work;
  const source = await readSource(photo, "photo", signal);
  open.stamp = { path: key, sha256: hashOf(source.bytes) };
  const header = await readPhotoHeader(source.bytes, source.name, pixelLimit);
  open.photo = await decodeSource(source);
  return { header, name: source.name };
}

/** A file that cannot be used fails alone. */
async function nextPiece(
  pieces: AsyncGenerator<Piece>,
  open: OpenWork,
  target: Target,
  signal: AbortSignal | undefined,
): Promise<IteratorResult<Piece, void>> {
  try {
    return await pieces.next();
  } catch (error) {
    open.fail(target.relative, error, signal);
    return { done: true, value: undefined };
  }
}

async function* piecesOf(
  index: number,
  target: Target,
  open: OpenWork,
  canvas: Canvas,
  place: WorkPlace,
): AsyncGenerator<Piece> {
  // What failed keeps its place, so that indices fit the plan.
  const stamp: TargetStamp = {
    kind: target.kind,
    path: target.relative,
    sha256: UNREAD,
    ...(target.kind === "annotations" ? { photoId: target.photoId, format: target.format } : {}),
  };
  open.targets[index] = stamp;
  await place.destination.revert(target.relative);
  if (target.kind === "labels") yield await labelPiece(index, target, open, canvas, place);
  else yield* regionPieces(index, target, open, canvas, place);
}

/** Stands for a file that could not be read; no file has it. */
const UNREAD = "0".repeat(64);

async function labelPiece(
  index: number,
  target: LabelTarget,
  open: OpenWork,
  { header, name }: Canvas,
  { run, session, state, destination, pixelLimit, signal }: WorkPlace,
): Promise<Piece> {
  const siblings: FileStamp[] = [];
  for (const { path, relative } of target.siblings) {
    await destination.revert(relative);
    siblings.push({ path: relative, sha256: (await hashOfFile(path)) ?? UNREAD });
  }
  const source = await readSource(target.path, "mask", signal);
  const sha256 = hashOf(source.bytes);
  open.targets[index] = { kind: "labels", path: target.relative, sha256, siblings };
  const reading = { ...target.reading, ...givenOf(run.reading) };
  const mask = fitMask(await maskOf(source, reading, pixelLimit), header, name);
  open.notes.push(...mask.notes);
  const mode = run.mode !== "auto" ? run.mode : (target.mode ?? modeOf(mask));
  const { map, ignoreLabel } = mask;
  const { settings, adaptor } = run;
  const task = { map, mode, settings, adaptor, ignoreLabel, moves: true };
  const known = state.photos.get(open.work.key);
  const again =
    known !== undefined && isJudgedAgain(known, { session, photo: open.stamp, targets: open.targets }, index);
  const rejected = again ? state.rejected(open.work.key, index) : new Set<string>();
  return { kind: "labels", target: index, file: target, mask, sha256, siblings, rejected, task };
}

/** What the user said goes before what the layout says. */
function givenOf<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function modeOf({ encoding }: LoadedMask): MaskMode {
  return encoding === "labels" ? "semantic" : "instance";
}

async function* regionPieces(
  index: number,
  { path, relative, photoId, format }: AnnotationTarget,
  open: OpenWork,
  canvas: Canvas,
  { run, sources, signal }: WorkPlace,
): AsyncGenerator<Piece> {
  const { file, sha256, photos } = await sources.get(path, { format });
  open.targets[index] = { kind: "annotations", path: relative, photoId, format, sha256 };
  const photo = photos.get(photoId);
  if (photo === undefined) throw new InputError(`${path} no longer has the photo ${photoId}`);
  const { size, turn } = layOf(photo, canvas, file.name);
  for (const region of photo.regions) {
    signal?.throwIfAborted();
    const report = {
      target: index,
      id: region.id,
      label: region.label,
      area: 0,
      refinedArea: 0,
      coarseIoU: 1,
    };
    if (region.skip !== undefined) {
      open.regions.push({ ...report, verdict: "unchanged", reason: region.skip, doubt: 0 });
      continue;
    }
    const map = maskOrReport(region, size, { open, relative, report, signal });
    if (map === undefined) continue;
    const upright = turn?.upright(map) ?? map;
    const { settings, adaptor } = run;
    const task = { map: upright, mode: "instance" as const, settings, adaptor, ignoreLabel: undefined };
    yield { kind: "region", target: index, region, turn, task };
  }
}

/** A region that cannot be read fails alone. */
function maskOrReport(
  region: AnnotatedRegion,
  size: Size,
  { open, relative, report, signal }: RegionPlace,
): LabelMap | undefined {
  try {
    return region.mask(size);
  } catch (error) {
    open.fail(relative, error, signal);
    open.regions.push({ ...report, verdict: "failed", reason: messageOf(error), doubt: 1 });
    return undefined;
  }
}

interface RegionPlace {
  readonly open: OpenWork;
  readonly relative: string;
  readonly report: Omit<RegionReport, "verdict" | "doubt">;
  readonly signal: AbortSignal | undefined;
}

/**
 * How a photo's annotations lie: on the photo as displayed, or where only that fits, as stored.
 *
 * @throws {InputError} when the file states another size
 */
export function layOf(
  { size }: AnnotatedPhoto,
  { header: { stored, displayed, orientation }, name }: Canvas,
  file: string,
): { size: Size; turn: Turn | undefined } {
  if (size === undefined || same(size, displayed)) return { size: displayed, turn: undefined };
  if (!same(size, stored)) {
    throw new InputError(
      `${file} says that its photo ${name} is ${size.width}×${size.height} pixels, but it is ${displayed.width}×${displayed.height}: expected the same size`,
    );
  }
  return {
    size: stored,
    turn: {
      upright: (map) => turnUpright(map, orientation),
      back: (values) => turnBack(values, stored, orientation),
    },
  };
}

function same(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}
