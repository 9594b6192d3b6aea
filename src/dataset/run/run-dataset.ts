/** The run over a dataset: read, encode, refine, write, and a journal that survives anything. */
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DEFAULT_PIXEL_LIMIT } from "../../engine/photo.ts";
import { type Schedule, SERIES } from "../../engine/schedule.ts";
import { compressCounts } from "../../formats/compressed-counts.ts";
import { adaptorFor } from "../adapt/load-adaptor.ts";
import type { DatasetPlan, PhotoWork } from "../plan/dataset-plan.ts";
import { AnnotationSources } from "./annotation-sources.ts";
import { Assembly, type AssemblyPlace, assemble } from "./assembly.ts";
import { beginRun } from "./begin-run.ts";
import { Destination, type ResultFile } from "./destination.ts";
import { sumVerdicts } from "./journal/count-verdicts.ts";
import type { ChangeRecord, FailureRecord, PhotoRecord, RegionReport, RunTotals } from "./journal/records.ts";
import { messageOf, type OpenWork, type RegionClaim, type Step } from "./open-work.ts";
import { originalsFolder } from "./originals.ts";
import { NO_TIME, type PhotoResult } from "./photo-result.ts";
import { prefetch } from "./prefetch.ts";
import { type ReadingPlace, readWorks } from "./read-works.ts";
import { type RemoteEngine, type RunEngine, refinePieces } from "./refine-pieces.ts";
import { resolveOverlaps } from "./resolve-overlaps.ts";
import { type RunOptions, type RunProgress, resolveRun } from "./run-options.ts";
import { readSideFiles } from "./side-files.ts";
import { findTemporaryFiles } from "./temporary-files.ts";

/** Batches that are read while the engine works. */
const AHEAD = 2;
/**
 * How long the engine waits for the last photo to be written. Its runs hold up all other work of this thread: a photo
 * that takes milliseconds to write would else be recorded seconds later.
 */
const GRACE_MS = 50;
/** Bytes of results that wait for the end of their photo. */
const WAITING_BYTES = 2 ** 25;

/**
 * Runs over a dataset: photo by photo, each encoded once however many masks lie on it. The next ones are read and the
 * last one is written while the engine works. What fails is told and left as it is; the rest is done.
 *
 * Leaving the loop or aborting stops before the next model run, in worker threads before the next region; what is done
 * stays, and `resume` continues.
 *
 * @param engine in this process, or workers elsewhere
 * @returns one result a photo, in the order of the plan, or that in which workers elsewhere are done; after those that the
 * plan refused
 * @throws {OptionError} for options that are none
 * @throws {OutputError} when the journal cannot be written or belongs to another process
 * @throws {InputError} when the journal to continue is damaged, of another version, or of another run, or the adaptor is
 * missing or damaged
 * @throws {ModelError} when the adaptor was trained on another model
 * @throws the signal's reason when aborted
 */
export async function* runDataset(
  engine: RunEngine | RemoteEngine,
  plan: DatasetPlan,
  options: RunOptions,
  pixelLimit: number = DEFAULT_PIXEL_LIMIT,
): AsyncGenerator<PhotoResult, void> {
  const { signal } = options;
  const run = resolveRun(options, plan.root, await adaptorFor(options, engine));
  signal?.throwIfAborted();
  const { journal, state, session } = await beginRun(plan.root, run, engine);
  const destination = new Destination(plan.root, run.out, run.overwrite, journal, state);
  const removeTemporary = await findTemporaryFiles(foldersOf(plan, destination, journal.path));
  const sources = new AnnotationSources();
  const place = { run, session, state, journal, destination, sources, pixelLimit, signal };
  const runner = new Runner(engine, plan, place, options.onProgress);
  try {
    yield* runner.refusals();
    yield* runner.photos();
    yield* runner.sideFiles();
    await journal.append({ type: "end", ended: new Date().toISOString(), totals: runner.totals() });
  } finally {
    await runner.settled();
    if (!("photos" in engine)) engine.rest();
    await removeTemporary();
    await journal.close();
  }
}

/** Every folder that the run may have left a temporary file in. */
function foldersOf({ works }: DatasetPlan, destination: Destination, journal: string): string[] {
  const files = works.flatMap(({ targets }) =>
    targets.flatMap((target) => [
      target.relative,
      ...(target.kind === "labels" ? target.siblings.map(({ relative }) => relative) : []),
    ]),
  );
  const folders = files.flatMap((relative) => {
    try {
      return [dirname(destination.pathOf(relative))];
    } catch {
      // It is refused where it would be written.
      return [];
    }
  });
  return [...folders, dirname(journal), originalsFolder(journal)];
}

type RunPlace = ReadingPlace & AssemblyPlace;

class Runner {
  readonly #engine: RunEngine | RemoteEngine;
  readonly #plan: DatasetPlan;
  readonly #place: RunPlace;
  readonly #assembly: Assembly;
  readonly #onProgress: ((progress: RunProgress) => void) | undefined;
  readonly #counts = { photosDone: 0, photosSkipped: 0, regionsDone: 0, failed: 0 };
  /** Batches, and whose they are. */
  readonly #underWay = new Map<Promise<void>, OpenWork>();
  /** Stops what is under way when the run is left. */
  readonly #leaving = new AbortController();
  readonly #signal: AbortSignal;
  /** Decided when the first photo is there that an earlier session has not done. */
  #schedule: Schedule = SERIES;
  /** Photos on their way to the disk, in their order. */
  readonly #writing: Promise<PhotoResult>[] = [];

  constructor(
    engine: RunEngine | RemoteEngine,
    plan: DatasetPlan,
    place: RunPlace,
    onProgress: ((progress: RunProgress) => void) | undefined,
  ) {
    this.#engine = engine;
    this.#plan = plan;
    this.#place = place;
    this.#assembly = new Assembly(plan);
    this.#onProgress = onProgress;
    const { signal } = this.#leaving;
    this.#signal = place.signal === undefined ? signal : AbortSignal.any([place.signal, signal]);
  }

  async *refusals(): AsyncGenerator<PhotoResult> {
    for (const { relative, photoId, error } of this.#plan.refused) {
      const failure = { path: relative, message: error.message };
      await this.#place.journal.append({
        type: "failed",
        ...failure,
        ...(photoId === undefined ? {} : { photoId }),
      });
      this.#counts.failed++;
      yield failedFile(relative, failure);
    }
  }

  async *photos(): AsyncGenerator<PhotoResult> {
    const { signal } = this.#place;
    let known = 0;
    let isScheduled = false;
    for await (const step of this.#steps()) {
      if (step.kind === "refine") {
        if (!isScheduled) await this.#decideSchedule(known);
        isScheduled = true;
        if (this.#underWay.size === 0) yield* this.#written(0, GRACE_MS);
        while (!this.#hasRoomFor(step.open)) await Promise.race(this.#underWay.keys());
        this.#start(step.open, step);
      } else {
        if (step.kind === "known") known++;
        // Those on the way to the disk hold their results, or are still being refined.
        yield* this.#written(this.#schedule.photosAtOnce - 1);
        this.#finishAfterOthers(step);
      }
      yield* this.#written(0, 0);
    }
    yield* this.#written(0);
    signal?.throwIfAborted();
  }

  async #decideSchedule(known: number): Promise<void> {
    if ("photos" in this.#engine) return;
    this.#schedule = await this.#engine.schedule(this.#plan.works.length - known);
  }

  /** As many batches as photos, and not all of them of one photo: their regions wait for its embedding. */
  #hasRoomFor(open: OpenWork): boolean {
    const { photosAtOnce } = this.#schedule;
    const own = [...this.#underWay.values()].filter((other) => other === open).length;
    return this.#underWay.size < photosAtOnce && own < Math.max(SERIES.photosAtOnce, photosAtOnce - 1);
  }

  /** One after the other, so that the journal has the photos in their order. */
  #finishAfterOthers(step: Exclude<Step, { kind: "refine" }>): void {
    const before = this.#writing.at(-1);
    const finish = async (): Promise<PhotoResult> => {
      await before;
      if (step.kind === "known") return this.#known(step.work);
      await step.open.refining;
      return this.#finish(step.open);
    };
    this.#writing.push(started(finish()));
  }

  /** What reading, or workers elsewhere, bring. */
  async *#steps(): AsyncGenerator<Step> {
    const { works } = this.#plan;
    const place = { ...this.#place, signal: this.#signal };
    const steps = "photos" in this.#engine ? this.#engine.photos(works, place) : readWorks(works, place);
    for await (const step of prefetch(steps, AHEAD)) {
      let left = true;
      try {
        yield step;
        left = false;
      } finally {
        // What is read ahead would else be waited for, however long that takes.
        if (left) this.#leaving.abort();
      }
    }
  }

  /** Waits until no more than so many photos are on the way to the disk, or until patience ends. */
  async *#written(most: number, patience?: number): AsyncGenerator<PhotoResult> {
    while (this.#writing.length > most) {
      const waits = patience === undefined ? [] : [delay(patience, undefined, { ref: false })];
      const result = await Promise.race([this.#writing[0]!, ...waits]);
      if (result === undefined) return;
      this.#writing.shift();
      yield result;
    }
  }

  /** Completes a mirror; only failures are worth a result. */
  async *sideFiles(): AsyncGenerator<PhotoResult> {
    const { run, journal, destination } = this.#place;
    if (run.out === undefined) return;
    const missing: ResultFile[] = [];
    for (const file of await readSideFiles(this.#plan))
      if (!(await destination.holds({ path: file.path, sha256: file.before }))) missing.push(file);
    const { failures } = await destination.deliver(missing);
    for (const failure of failures) {
      await journal.append({ type: "failed", ...failure });
      this.#counts.failed++;
      yield failedFile(failure.path, failure);
    }
  }

  /** Stops what is being refined and waits for what is being written. */
  async settled(): Promise<void> {
    this.#leaving.abort();
    await Promise.allSettled([...this.#underWay.keys(), ...this.#writing]);
  }

  /** Sums over all sessions. */
  totals(): RunTotals {
    const { works } = this.#plan;
    const known = works.flatMap(({ key }) => this.#place.state.photos.get(key) ?? []);
    return {
      photos: works.length,
      failed: this.#counts.failed,
      regions: sumVerdicts(known.map(({ verdicts }) => verdicts)),
    };
  }

  /** Batches of one photo follow one another: the first brings its embedding. */
  #start(open: OpenWork, step: Step & { kind: "refine" }): void {
    const work = started(open.refining.then(() => this.#refine(open, step)));
    open.refining = work;
    this.#underWay.set(work, open);
    started(work.finally(() => this.#underWay.delete(work)));
  }

  async #refine(open: OpenWork, { pieces }: Step & { kind: "refine" }): Promise<void> {
    const signal = this.#signal;
    const engine = this.#engine;
    if ("photos" in engine) return;
    const { key } = open.work;
    const onRegion = (): void => {
      this.#counts.regionsDone++;
      this.#progress("refine", key);
    };
    try {
      await refinePieces(
        engine,
        open,
        pieces,
        { onEncode: () => this.#progress("encode", key), onRegion },
        signal,
        this.#schedule.workload,
      );
      await this.#flush(open, WAITING_BYTES);
    } catch (error) {
      open.fail(key, error, signal);
    }
  }

  /** Writes what waits, once it is more than so many bytes. */
  async #flush(open: OpenWork, limit: number): Promise<void> {
    if (open.results.reduce((sum, { bytes }) => sum + bytes.length, 0) <= limit) return;
    const started = performance.now();
    const { written, failures } = await this.#place.destination.deliver(open.results);
    open.results = [];
    open.written.push(...written);
    open.failures.push(...failures);
    open.spend("write", started);
  }

  async #known({ key }: PhotoWork): Promise<PhotoResult> {
    this.#counts.photosSkipped++;
    const gathered = await this.#gather(key, false);
    return this.#told({ key, status: "known", regions: [], notes: [], timings: NO_TIME }, gathered);
  }

  async #finish(open: OpenWork): Promise<PhotoResult> {
    const { state, journal, session } = this.#place;
    const { key } = open.work;
    // The picture is of no more use; writing overlaps the next one.
    open.photo = undefined;
    open.encoded = undefined;
    await this.#flush(open, -1);
    const { regions, changes } = settleClaims(open, this.#place.run.overlaps);
    const decided = state.decisions.count(key);
    const { stamp, targets, written, failures, notes, spent } = open;
    const record: PhotoRecord = {
      ...{ type: "photo", key, session, photo: stamp, targets, regions, changes, written, failures, notes },
      timings: roundedTimings(spent),
    };
    state.add(record, await journal.append(record));
    await open.recorded();
    const dropped = decided - state.decisions.count(key);
    this.#counts.photosDone++;
    const gathered = await this.#gather(key, true);
    const result = this.#told(
      {
        ...{ key, status: failures.length > 0 ? "failed" : "done", regions, timings: record.timings },
        notes: dropped === 0 ? notes : [...notes, droppedNote(key, dropped)],
      },
      {
        ...gathered,
        written: [...written.map(({ path }) => path), ...gathered.written],
        failures: [...failures, ...gathered.failures],
      },
    );
    this.#progress("photo", key);
    return result;
  }

  /** The result, with what came of the annotation files it was the last photo of. */
  #told(
    photo: Omit<PhotoResult, "written" | "failures">,
    { written, failures, notes }: Gathered,
  ): PhotoResult {
    if (failures.length > 0) this.#counts.failed++;
    return {
      ...photo,
      status: failures.length > 0 ? "failed" : photo.status,
      written: written.map((path) => this.#place.destination.pathOf(path)),
      failures,
      notes: [...photo.notes, ...notes],
    };
  }

  async #gather(key: string, again: boolean): Promise<Gathered> {
    const gathered: Gathered = { written: [], failures: [], notes: [] };
    for (const file of this.#assembly.settle(key, again)) {
      const before = gathered.failures.length;
      try {
        const assembled = await assemble(file, this.#place);
        gathered.written.push(...(assembled?.written.map(({ path }) => path) ?? []));
        gathered.failures.push(...(assembled?.failures ?? []));
        gathered.notes.push(...(assembled?.notes ?? []));
      } catch (error) {
        gathered.failures.push({ path: file.relative, message: messageOf(error) });
      }
      for (const failure of gathered.failures.slice(before))
        await this.#place.journal.append({ type: "failed", ...failure });
    }
    return gathered;
  }

  #progress(stage: RunProgress["stage"], key: string): void {
    const { photosDone, photosSkipped, regionsDone } = this.#counts;
    const photosTotal = this.#plan.works.length - photosSkipped;
    this.#onProgress?.({ stage, key, photosDone, photosTotal, photosSkipped, regionsDone });
  }
}

interface Gathered {
  readonly written: string[];
  readonly failures: FailureRecord[];
  readonly notes: string[];
}

/** A failure before anybody waits is no crash. */
function started<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function failedFile(key: string, failure: FailureRecord): PhotoResult {
  return {
    key,
    status: "failed",
    regions: [],
    written: [],
    failures: [failure],
    notes: [],
    timings: NO_TIME,
  };
}

/** What annotation files take over, after the overlaps rule. */
function settleClaims(
  open: OpenWork,
  rule: Parameters<typeof resolveOverlaps>[1],
): { regions: RegionReport[]; changes: ChangeRecord[] } {
  const { claims, regions, work } = open;
  const reports = [...regions];
  const changes = [...open.changes];
  for (const target of work.targets.keys()) {
    const own = claims.filter((claim) => claim.target === target);
    for (const [i, { runs, lost }] of resolveOverlaps(own, rule).entries()) {
      const claim = own[i]!;
      if (lost > 0) reports[claim.report] = afterLoss(reports[claim.report]!, lost);
      if (claim.changed || lost > 0) changes.push(changeOf(claim, runs));
    }
  }
  return { regions: reports, changes };
}

function droppedNote(key: string, count: number): string {
  return `${key} was refined again from other content: ${count} decisions of its review no longer count`;
}

function afterLoss(report: RegionReport, lost: number): RegionReport {
  return { ...report, refinedArea: report.refinedArea - lost, lost };
}

function changeOf({ target, region }: RegionClaim, runs: RegionClaim["runs"]): ChangeRecord {
  const { width, height, counts } = runs;
  return { target, region, size: [height, width], counts: compressCounts(counts) };
}

function roundedTimings(spent: OpenWork["spent"]): PhotoRecord["timings"] {
  const [read, encode, refine, write] = [spent.read, spent.encode, spent.refine, spent.write].map(
    (ms) => Math.round(ms * 10) / 10,
  ) as [number, number, number, number];
  return { read, encode, refine, write };
}
