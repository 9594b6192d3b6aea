/** What a run says before, while and after it works. */
import { basename } from "node:path";
import type { PlanView, ProgressMessage, RunSummary } from "../../protocol/engine.ts";
import { stageText } from "../progress-text.ts";
import type { Translate } from "../translate.ts";
import type { RunPace } from "./run-pace.ts";

/** For example `24 photos: 20 mask files, 1 COCO`. */
export function planText({ photos, formats }: Pick<PlanView, "photos" | "formats">, t: Translate): string {
  const files = formats.map(({ format, files: count }) => `${count} ${format}`).join(", ");
  return photos.length === 1 ? t("1 photo: {0}", files) : t("{0} photos: {1}", photos.length, files);
}

/** For example `12 of 40 photos, 1.4 a second, 20 s left`. */
export function runProgressText(
  { stage, done, total }: Pick<ProgressMessage, "stage" | "done" | "total">,
  pace: RunPace,
  t: Translate,
): string {
  if (stage === "load" || stage === "read" || total === 0) return stageText(stage, done, total, t);
  const parts = [t("{0} of {1} photos", done, total)];
  if (pace.rate !== undefined) parts.push(rateText(pace.rate, t));
  const left = pace.left(total);
  if (left !== undefined) parts.push(t("{0} left", durationText(left, t)));
  return parts.join(", ");
}

function rateText(rate: number, t: Translate): string {
  if (rate >= 1) return t("{0} a second", rate.toFixed(rate < 10 ? 1 : 0));
  return t("{0} a minute", (60 * rate).toFixed(1));
}

/** For example `45 s`, `3 min`, `2 h 10 min`. */
export function durationText(seconds: number, t: Translate): string {
  if (seconds < 59.5) return t("{0} s", Math.max(1, Math.round(seconds)));
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("{0} min", minutes);
  return t("{0} h {1} min", Math.floor(minutes / 60), minutes % 60);
}

/** One sentence that sums up. */
export function summaryText({ photos, failed, regions, stopped }: RunSummary, t: Translate): string {
  const done = t(
    "{0} regions refined, {1} kept, {2} unchanged, {3} failed",
    ...([regions.refined, regions.kept, regions.unchanged, regions.failed] as const),
  );
  const counted = photos === 1 ? t("1 photo") : t("{0} photos", photos);
  const lead = stopped ? t("Stopped after {0}", counted) : t("{0} done", counted);
  return `${lead}: ${done}.${problemText(failed, t)}`;
}

function problemText(failed: number, t: Translate): string {
  if (failed === 0) return "";
  const text = failed === 1 ? t("1 file failed") : t("{0} files failed", failed);
  return ` ${t("{0}: the report tells why.", text)}`;
}

/** Everything that could not be used, for people who ask. */
export function refusedText({ root, refused }: Pick<PlanView, "root" | "refused">, t: Translate): string {
  const title = t("{0} files in {1} cannot be refined:", refused.length, basename(root));
  return `${title}\n\n${refused.map(({ message }) => `- ${message}`).join("\n")}\n`;
}
