/** Annotation files: each is written once all its photos are done, from what the journal holds of them. */
import { InputError } from "../../core/errors.ts";
import type { RegionChange } from "../../formats/annotations/annotation-file.ts";
import { expandCounts } from "../../formats/compressed-counts.ts";
import type { DatasetPlan } from "../plan/dataset-plan.ts";
import type { AnnotationSources } from "./annotation-sources.ts";
import type { Delivery, Destination } from "./destination.ts";
import type { Journal } from "./journal/journal.ts";
import type { JournalState, KnownPhoto } from "./journal/journal-state.ts";
import type { PhotoRecord } from "./journal/records.ts";
import type { ResolvedRun } from "./run-options.ts";

interface Gathering {
  readonly path: string;
  readonly relative: string;
  readonly format: string;
  readonly keys: readonly string[];
  readonly waiting: Set<string>;
  /** Whether a photo was done in this session. */
  touched: boolean;
}

/** A written annotation file. */
export interface Assembled extends Delivery {
  readonly notes: readonly string[];
}

/** Keeps count of the photos of every annotation file. */
export class Assembly {
  readonly #files = new Map<string, Gathering>();
  readonly #byPhoto = new Map<string, Gathering[]>();

  constructor({ works }: Pick<DatasetPlan, "works">) {
    const keys = new Map<string, Pick<Gathering, "path" | "format"> & { keys: string[] }>();
    for (const { key, targets } of works) {
      for (const target of targets) {
        if (target.kind !== "annotations") continue;
        const known = keys.get(target.relative) ?? { path: target.path, format: target.format, keys: [] };
        known.keys.push(key);
        keys.set(target.relative, known);
      }
    }
    for (const [relative, file] of keys) {
      const gathering = { ...file, relative, waiting: new Set(file.keys), touched: false };
      this.#files.set(relative, gathering);
      for (const key of gathering.waiting)
        this.#byPhoto.set(key, [...(this.#byPhoto.get(key) ?? []), gathering]);
    }
  }

  /**
   * A photo is done, or has failed.
   *
   * @param again whether that was in this session
   * @returns the files that have no photo left to wait for
   */
  settle(key: string, again: boolean): Gathering[] {
    const files = this.#byPhoto.get(key) ?? [];
    for (const file of files) {
      file.waiting.delete(key);
      file.touched ||= again;
    }
    return files.filter(({ waiting }) => waiting.size === 0);
  }
}

/** What assembling needs. */
export interface AssemblyPlace {
  readonly run: ResolvedRun;
  readonly session: string;
  readonly state: JournalState;
  readonly journal: Journal;
  readonly sources: AnnotationSources;
  readonly destination: Destination;
}

/**
 * Writes an annotation file with the regions of all its photos that are done.
 *
 * @returns `undefined` when it is there already, or none of its photos is done
 * @throws {InputError} when the file is not the one that the photos were read with
 */
export async function assemble(
  { path, relative, format, keys, touched }: Gathering,
  place: AssemblyPlace,
): Promise<Assembled | undefined> {
  const { run, state, journal, sources, destination } = place;
  const last = state.lastOf(relative);
  if (!touched && last !== undefined && (await destination.holds(last))) return undefined;
  await destination.revert(relative);
  const { file, sha256 } = await sources.get(path, { format });
  const done = keys.flatMap((key) => {
    const known = state.photos.get(key);
    const stamp = known?.targets.find((target) => target.path === relative);
    if (known === undefined || known.session !== place.session || stamp === undefined) return [];
    if (stamp.sha256 === sha256) return [known];
    // A photo that could not be read says nothing about the file.
    if (known.failed) return [];
    throw new InputError(
      `${path} was changed during the run: expected it as it was when its photos were read`,
    );
  });
  if (done.length === 0) return undefined;
  const written = file.write(annotationChanges(done, relative, state, journal), run.geometry);
  sources.drop(path);
  const delivery = await destination.deliver([{ path: relative, before: sha256, bytes: written.bytes }]);
  return { ...delivery, notes: written.notes };
}

/**
 * What a file's regions became, less those that a person rejected. Read one record at a time: an annotation file may have
 * a hundred thousand photos.
 */
export function* annotationChanges(
  photos: readonly Pick<KnownPhoto, "key" | "place">[],
  relative: string,
  state: { rejected(key: string, target: number): ReadonlySet<string> },
  journal: Pick<Journal, "read">,
): Generator<RegionChange> {
  for (const { key, place } of photos) {
    const { targets, changes } = journal.read(place) as PhotoRecord;
    const rejected = targets.map((_, target) => state.rejected(key, target));
    for (const { target, region, size, counts } of changes) {
      if (targets[target]?.path !== relative || rejected[target]!.has(region)) continue;
      const [height, width] = size;
      yield { region, mask: { width, height, counts: expandCounts(counts) } };
    }
  }
}
