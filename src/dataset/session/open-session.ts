/** Opening a photo with its masks. */
import { OptionError } from "../../core/errors.ts";
import { resolveSettings } from "../../core/settings.ts";
import { browserMime } from "../../engine/browser-picture.ts";
import { readPhotoHeader } from "../../engine/photo.ts";
import { regionSettings } from "../../engine/refine-photo.ts";
import { adaptorFor } from "../adapt/load-adaptor.ts";
import { decodeSource } from "../load-photo.ts";
import { readSource } from "../read-source.ts";
import { findWork } from "./find-work.ts";
import { type FileReading, readSessionFiles } from "./read-session-files.ts";
import type { RefinementSession, SessionOptions } from "./refinement-session.ts";
import type { RegionState } from "./region-state.ts";
import { Session, type SessionEngine, type SessionGuard } from "./session.ts";
import type { SessionFile } from "./session-file.ts";

/**
 * Opens a photo, refines the regions on it, and keeps what is needed to go on.
 *
 * @param source a mask, an annotation file, a folder, or several of them
 * @param guard of the session's later calls
 * @throws {InputError} when the source is missing or broken, lies on no photo, or on several without a key
 * @throws {OptionError} for unknown presets, modes and settings
 * @throws the signal's reason when aborted
 */
export async function openSession(
  engine: SessionEngine,
  source: string | readonly string[],
  options: SessionOptions,
  pixelLimit: number,
  guard: SessionGuard,
): Promise<RefinementSession> {
  const { preset = "default", settings = {}, mode = "auto", signal } = options;
  if (!["auto", "instance", "semantic"].includes(mode))
    throw new OptionError(`Unknown mode "${mode}": expected auto, instance or semantic`);
  const adaptor = (await adaptorFor(options, engine))?.weights;
  const resolved = resolveSettings(preset, settings, adaptor !== undefined);
  signal?.throwIfAborted();
  options.onProgress?.({ stage: "read", regionsDone: 0, regionsTotal: 0 });
  const { work, notes } = await findWork(source, options);
  const bytes = await readSource(work.photo, "photo", signal);
  const header = await readPhotoHeader(bytes.bytes, bytes.name, pixelLimit);
  const { photo, identity } = await decodeSource(bytes);
  const files = await readSessionFiles(work.targets, {
    ...{ canvas: { header, name: bytes.name }, reading: readingOf(options), mode, settings: resolved },
    ...{ pixelLimit, signal },
  });
  const mime = await browserMime(bytes.bytes);
  const session = new Session(engine, guard, {
    ...{ work, photo, files: withNotes(files, notes), regions: regionsOf(files, resolved) },
    method: { preset, changes: settings, settings: resolved, adaptor },
    ...(mime === undefined ? {} : { picture: { bytes: bytes.bytes, mime } }),
  });
  await session.begin(identity, options);
  return session;
}

/** What the caller said; the rest is left to layouts and files. */
function readingOf({ encoding, ignoreLabel, colours }: SessionOptions): FileReading["reading"] {
  return { encoding: encoding === "auto" ? undefined : encoding, ignoreLabel, colours };
}

function withNotes(files: readonly SessionFile[], notes: readonly string[]): SessionFile[] {
  const [first, ...others] = files as [SessionFile, ...SessionFile[]];
  return [{ ...first, view: { ...first.view, notes: [...first.view.notes, ...notes] } }, ...others];
}

function regionsOf(files: readonly SessionFile[], settings: RegionState["settings"]): RegionState[] {
  const regions: RegionState[] = [];
  for (const [file, { regions: own, mode }] of files.entries()) {
    for (const [place, read] of own.entries()) {
      regions.push({
        ...{ id: regions.length, file, place, read, settings: regionSettings(mode, settings), own: {} },
        ...{ outcome: undefined, taken: undefined, refined: read.coarse },
      });
    }
  }
  return regions;
}
