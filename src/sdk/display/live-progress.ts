/** Progress that is shown in one place and updated there. */
import type { RunProgress } from "../../dataset/run/run-options.ts";
import type { RefineProgress } from "../types.ts";
import type { MimeBundle } from "./displayed.ts";
import { progressOutput } from "./progress-output.ts";
import { escapeHTML } from "./table-bundle.ts";

/** What {@link liveProgress} can show: the progress of a refinement, of a session, or of a run over a dataset. */
export type AnyProgress = Pick<RefineProgress, "regionsDone" | "regionsTotal"> | RunProgress;

/**
 * A function for `onProgress` that shows how far a call is: one bar that fills in place in Deno's Jupyter kernel and in
 * notebooks inside VS Code, one line in a terminal, and nothing where the output is kept in a file.
 *
 * @param label what is at work, for people
 * @example
 * ```ts
 * import { liveProgress, refine } from "samrefiner";
 * const onProgress = liveProgress("mug");
 * await refine("examples/sample/photo.jpg", "examples/sample/mug_coarse.png", { onProgress });
 * ```
 */
export function liveProgress(label = "SAMRefiner"): (progress: AnyProgress) => void {
  const show = progressOutput();
  let last = "";
  return (progress) => {
    const bundle = progressBundle(label, progress);
    // Stages follow one another without a change that this shows.
    if (bundle["text/plain"] !== last) show(bundle);
    last = bundle["text/plain"] ?? "";
  };
}

/** A bar, and the same in words. */
export function progressBundle(label: string, progress: AnyProgress): MimeBundle {
  const { done, total, words } = describe(progress);
  const text = `${label}: ${words}`;
  const bar = total === 0 ? "<progress></progress>" : `<progress value="${done}" max="${total}"></progress>`;
  return { "text/html": `${bar} ${escapeHTML(text)}`, "text/plain": text };
}

function describe(progress: AnyProgress): { done: number; total: number; words: string } {
  const { regionsDone } = progress;
  if ("photosTotal" in progress) {
    const { photosDone: done, photosTotal: total, key } = progress;
    return { done, total, words: `${done} of ${total} photos, ${regionsDone} regions (${key})` };
  }
  const { regionsTotal: total } = progress;
  return { done: regionsDone, total, words: total === 0 ? "reading" : `${regionsDone} of ${total} regions` };
}
