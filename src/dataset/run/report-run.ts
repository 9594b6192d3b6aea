/** What a run did, put together from its journal. */
import { resolve } from "node:path";
import { countVerdicts, sumVerdicts } from "./journal/count-verdicts.ts";
import { DecisionBook } from "./journal/decision-book.ts";
import { readJournal } from "./journal/read-journal.ts";
import type {
  Decision,
  FailureRecord,
  HeaderRecord,
  PhotoRecord,
  PhotoTimings,
  RegionReport,
  RunTotals,
  SessionFields,
} from "./journal/records.ts";

/** A region with where it lies. */
export interface ReportedRegion extends Omit<RegionReport, "target"> {
  /** The photo, see {@link PhotoWork.key}. */
  readonly photo: string;
  /** The region's file, below the dataset's folder. */
  readonly file: string;
  /** What a person decided; absent before. */
  readonly decision?: Decision;
}

/** A photo of the run. */
export interface ReportedPhoto {
  /** Path below the dataset's folder. */
  readonly key: string;
  /** Highest doubt of its regions, 0..1. */
  readonly doubt: number;
  /** Regions by their verdict. */
  readonly verdicts: RunTotals["regions"];
  /** Files that were written. */
  readonly files: readonly string[];
  /** What was decided on the way, one sentence each. */
  readonly notes: readonly string[];
  /** How long it took. */
  readonly timings: PhotoTimings;
}

/** The report of a run. */
export interface RunReport {
  /** Path of the journal. */
  readonly journal: string;
  /** The dataset's folder. */
  readonly root: string;
  /** Folder of the results; `null` when they replaced their sources. */
  readonly out: string | null;
  /** When the run began. */
  readonly created: string;
  /** When the run came to its end; absent while it has not. */
  readonly ended?: string;
  /** Model of the last session. */
  readonly model: SessionFields["model"];
  /** Device that runs the model. */
  readonly device: string;
  /** Options of the last session. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Everything added up. */
  readonly totals: RunTotals;
  /** Regions that a person accepted, and rejected. */
  readonly decisions: Readonly<Record<Decision, number>>;
  /** Most doubtful first. */
  readonly photos: readonly ReportedPhoto[];
  /** Most doubtful first. */
  readonly regions: readonly ReportedRegion[];
  /** What could not be used, and why. */
  readonly failures: readonly (FailureRecord & { readonly photo?: string })[];
}

/**
 * Puts a report together.
 *
 * @param path of the journal
 * @throws {InputError} when it is missing, damaged or of another version
 */
export function reportJournal(path: string): RunReport {
  const read = readRun(path);
  const { header, session, photos, failed, ended } = read;
  const reported = [...photos.values()].map((photo) => describePhoto(photo, read.decisions));
  const regions = reported.flatMap((photo) => photo.regions);
  const failures = [...reported.flatMap((photo) => photo.failures), ...failed];
  return {
    ...{ journal: resolve(path), root: header.root, out: header.out, created: header.created },
    ...(ended === undefined ? {} : { ended }),
    ...{ model: session.model, device: session.device, options: session.options },
    totals: {
      photos: photos.size,
      failed: reported.filter((photo) => photo.failures.length > 0).length + failed.length,
      regions: sumVerdicts(reported.map(({ photo }) => photo.verdicts)),
    },
    decisions: countDecisions(regions),
    photos: reported.map(({ photo }) => photo).sort((a, b) => b.doubt - a.doubt),
    regions: regions.sort((a, b) => b.doubt - a.doubt),
    failures,
  };
}

/** A journal, read for people. */
export interface ReadRun {
  readonly header: HeaderRecord;
  session: SessionFields;
  /** Less their changed pixels. */
  readonly photos: Map<string, PhotoRecord>;
  readonly decisions: DecisionBook;
  failed: FailureRecord[];
  ended: string | undefined;
}

/**
 * Reads a journal whole.
 *
 * @throws {InputError} when it is missing, damaged or of another version
 */
export function readRun(path: string): ReadRun {
  let run: ReadRun | undefined;
  for (const { record } of readJournal(path)) {
    if (run === undefined) {
      const header = record as HeaderRecord;
      const decisions = new DecisionBook();
      run = { header, session: header, photos: new Map(), decisions, failed: [], ended: undefined };
    }
    // A later session tries again what failed.
    if (record.type === "resumed") Object.assign(run, { session: record, failed: [], ended: undefined });
    if (record.type === "failed") run.failed.push({ path: record.path, message: record.message });
    if (record.type === "end") run.ended = record.ended;
    if (record.type === "review") run.decisions.note(record.decisions);
    if (record.type !== "photo") continue;
    run.decisions.renew(record.key, run.photos.get(record.key), record);
    run.photos.set(record.key, { ...record, changes: [] });
  }
  return run!;
}

function countDecisions(regions: readonly ReportedRegion[]): Record<Decision, number> {
  const counts = { accepted: 0, rejected: 0 };
  for (const { decision } of regions) if (decision !== undefined) counts[decision]++;
  return counts;
}

function describePhoto(
  record: PhotoRecord,
  decisions: DecisionBook,
): {
  photo: ReportedPhoto;
  regions: ReportedRegion[];
  failures: (FailureRecord & { photo: string })[];
} {
  const { key, targets, notes, timings } = record;
  const regions = record.regions.map(({ target, ...region }) => {
    const decision = decisions.of(key, target).get(region.id);
    const file = targets[target]?.path ?? "";
    return { photo: key, file, ...region, ...(decision === undefined ? {} : { decision }) };
  });
  return {
    photo: {
      key,
      doubt: record.regions.reduce((most, { doubt }) => Math.max(most, doubt), 0),
      verdicts: countVerdicts(record.regions),
      files: targets.map(({ path }) => path),
      notes,
      timings,
    },
    regions,
    failures: record.failures.map((failure) => ({ ...failure, photo: key })),
  };
}

const COLUMNS = [
  "photo",
  "file",
  "id",
  "label",
  "verdict",
  "reason",
  "doubt",
  "area",
  "refinedArea",
  "coarseIoU",
  "predictedIoU",
  "stability",
  "contrastGain",
  "lost",
  "decision",
] as const;

/** The regions as CSV (RFC 4180), the most doubtful first; failures of whole files or photos follow. */
export function reportCSV({ regions, failures }: Pick<RunReport, "regions" | "failures">): string {
  const rows = regions.map((region) => COLUMNS.map((name) => region[name]));
  const failed = failures.map(({ photo, path, message }) =>
    COLUMNS.map(
      (name) => ({ photo, file: path, verdict: "failed", reason: message, doubt: 1 })[name as string],
    ),
  );
  return [COLUMNS, ...rows, ...failed].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(value: unknown): string {
  const text = value === undefined ? "" : String(value);
  // A spreadsheet takes a cell that begins so for a formula.
  const safe = /^[=+\-@\t]/.test(text) && typeof value === "string" ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
