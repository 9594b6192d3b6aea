/** What a run did, for people and programs. */
import { basename } from "node:path";
import type { MethodSettings } from "../core/settings.ts";
import { pictureRegions, type RegionName } from "../dataset/run/picture-regions.ts";
import { type ReportedRegion, type RunReport, reportCSV, reportJournal } from "../dataset/run/report-run.ts";
import { DEFAULT_PIXEL_LIMIT } from "../engine/photo.ts";
import { type Picture, type ReportCard, type ReportPage, reportPage } from "../render/mod.ts";
import { checkPath } from "./check-options.ts";

/** Options of {@link RunReportFiles.html}. */
export interface ReportPageOptions {
  /** Most thumbnails. @default 24 */
  readonly thumbnails?: number;
  /** Most rows of the table. @default 2000 */
  readonly rows?: number;
}

/** A report and the files it can be written as. */
export interface RunReportFiles {
  /** Everything but pixels; `JSON.stringify` writes it. */
  readonly report: RunReport;
  /** Every region a line, the most doubtful first. */
  csv(): string;
  /** One page that needs nothing but itself; its thumbnails are read from the dataset, where it is still there. */
  html(options?: ReportPageOptions): Promise<string>;
}

/**
 * Reads the report of a run from its journal, also of one that has not ended.
 *
 * @param journal path
 * @throws {InputError} when it is missing, damaged or of another version
 */
export function reportRun(journal: string): RunReportFiles {
  checkPath(journal, "journal");
  const report = reportJournal(journal);
  return {
    report,
    csv: () => reportCSV(report),
    html: (options) => pageOf(journal, report, options),
  };
}

async function pageOf(
  journal: string,
  report: RunReport,
  { thumbnails = 24, rows = 2000 }: ReportPageOptions = {},
): Promise<string> {
  const half = Math.ceil(thumbnails / 2);
  const doubted = report.regions.filter(({ doubt, box }) => doubt > 0 && box !== undefined).slice(0, half);
  const changed = report.regions
    .filter((region) => region.verdict === "refined" && !doubted.includes(region))
    .sort((a, b) => a.coarseIoU - b.coarseIoU)
    .slice(0, thumbnails - half);
  const images = await picturesOf(journal, [...doubted, ...changed]);
  const cards = (regions: readonly ReportedRegion[]): ReportCard[] =>
    regions.map((region) => cardOf(region, images.get(nameOf(region))));
  return reportPage({
    title: `SAMRefiner: ${basename(report.root)}`,
    facts: factsOf(report),
    counts: Object.entries(report.totals.regions).map(([name, count]) => ({ name, count })),
    failures: report.failures.map(({ path, photo, message }) => ({
      where: photo === undefined || photo === path ? path : `${path} on ${photo}`,
      message,
    })),
    galleries: [
      {
        heading: "Look at these first",
        explanation: "The regions of most doubt. Coarse outlines are orange, refined ones blue.",
        cards: cards(doubted),
      },
      {
        heading: "Changed most",
        explanation: "The refined regions that agree least with their coarse mask.",
        cards: cards(changed),
      },
    ],
    ...tableOf(report, rows),
  });
}

function factsOf(report: RunReport): [string, string][] {
  const { root, out, created, ended, model, device, options, totals, decisions } = report;
  return [
    ["dataset", root],
    ["results", out ?? "in place"],
    ["begun", created],
    ["ended", ended ?? "not yet: resume continues the run"],
    ["model", `${model.name} on ${device}`],
    ["preset", String(options["preset"] ?? "")],
    ["method", methodOf(options)],
    ["overlaps", String(options["overlaps"] ?? "")],
    ["photos", `${totals.photos}, ${totals.failed} with failures`],
    ["reviewed", `${decisions.accepted} accepted, ${decisions.rejected} rejected`],
  ];
}

/** Journals from before there was a choice do not tell. */
function methodOf({ settings }: RunReport["options"]): string {
  return (settings as Partial<MethodSettings> | undefined)?.method ?? "samrefiner";
}

const COLUMNS = [
  ["photo", "photo"],
  ["file", "file"],
  ["region", "id"],
  ["class", "label"],
  ["verdict", "verdict"],
  ["reason", "reason"],
  ["decision", "decision"],
  ["doubt", "doubt"],
  ["pixels before", "area"],
  ["after", "refinedArea"],
  ["IoU with coarse", "coarseIoU"],
  ["predicted IoU", "predictedIoU"],
  ["stability", "stability"],
  ["contrast gain", "contrastGain"],
] as const;

const FIRST_NUMBER = 7;

function tableOf({ regions }: RunReport, most: number): Pick<ReportPage, "columns" | "rows" | "remark"> {
  const left = regions.length - most;
  return {
    columns: COLUMNS.map(([title], i) => ({ title, numeric: i >= FIRST_NUMBER })),
    rows: regions.slice(0, most).map((region) => COLUMNS.map(([, name]) => region[name])),
    remark: `The most doubtful first.${left > 0 ? ` ${left} regions of less doubt are in the CSV only.` : ""}`,
  };
}

function cardOf(region: ReportedRegion, image: string | undefined): ReportCard {
  const { photo, label, id, verdict, reason, decision, doubt, coarseIoU, area, refinedArea } = region;
  return {
    title: `${photo}: ${label}`,
    lines: [
      [
        `region ${id}`,
        `${verdict}${reason === undefined ? "" : ` (${reason})`}`,
        ...[decision ?? []].flat(),
      ].join(", "),
      `doubt ${doubt.toFixed(2)}, IoU with coarse ${coarseIoU.toFixed(3)}, ${area} → ${refinedArea} pixels`,
    ],
    ...(image === undefined ? {} : { image }),
  };
}

async function picturesOf(journal: string, regions: readonly ReportedRegion[]): Promise<Map<string, string>> {
  const images = new Map<string, string>();
  await pictureRegions(journal, regions, DEFAULT_PIXEL_LIMIT, async (region, picture) => {
    const jpeg = await encodeJPEG(picture);
    images.set(nameOf(region), `data:image/jpeg;base64,${jpeg.toString("base64")}`);
  });
  return images;
}

function nameOf({ photo, file, id }: RegionName): string {
  return JSON.stringify([photo, file, id]);
}

async function encodeJPEG({ width, height, data }: Picture): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  const raw = { width, height, channels: 4 as const };
  return sharp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), { raw })
    .removeAlpha()
    .jpeg({ quality: 80 })
    .toBuffer();
}
