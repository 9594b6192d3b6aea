/** IoU adaption as scripts start it. */
import { join } from "node:path";
import { adaptDataset } from "../dataset/adapt/adapt-dataset.ts";
import type { AdaptOptions } from "../dataset/adapt/adapt-options.ts";
import type { AdaptionReport } from "../dataset/adapt/adaption-report.ts";
import { type Adaptor, parseAdaptor } from "../dataset/adapt/adaptor-file.ts";
import { adaptorPath } from "../dataset/adapt/load-adaptor.ts";
import type { DatasetPlan } from "../dataset/plan/dataset-plan.ts";
import type { Engine } from "../engine/engine.ts";
import { checkReading } from "./check-options.ts";
import { adaptionTable } from "./display/adaption-table.ts";
import { type Displayed, type jupyterDisplay, withDisplay } from "./display/displayed.ts";
import { tableBundle } from "./display/table-bundle.ts";
import { type DatasetReading, type DatasetSource, isPlan, planRun } from "./refine-dataset.ts";
import { saveFile } from "./save-file.ts";
import type { SaveOptions } from "./types.ts";

/** Options of `adapt`. */
export interface AdaptModelOptions extends AdaptOptions, DatasetReading {
  /** Called once, before the first photo. */
  readonly onPlan?: (plan: DatasetPlan) => void;
}

/** A trained adaptor and how well it does. Notebooks show a table of the policies. */
export interface AdaptionResult extends AdaptionReport, Displayed {
  /** The adaptor, for the `adaptor` option of `refine` and others. */
  readonly adaptor: Adaptor;
  /**
   * Writes the adaptor: a temporary file first, then a rename, so that no half file is left.
   *
   * @param path the file, or a bare name in the user's folder of adaptors
   * @returns the file's path
   * @throws {OutputError} when it exists (unless `overwrite`), or cannot be written
   */
  save(path: string, options?: SaveOptions): Promise<string>;
}

/** Plans where that is not done, and trains. */
export async function adaptModel(
  engine: Engine,
  source: DatasetSource,
  options: AdaptModelOptions,
  { pixelLimit, cacheDir }: { readonly pixelLimit: number; readonly cacheDir: string | undefined },
): Promise<AdaptionResult> {
  checkReading(options);
  const plan = isPlan(source) ? source : await planRun(source, options);
  options.onPlan?.(plan);
  const samples = cacheDir && join(cacheDir, "adaption-samples");
  const { bytes, report } = await adaptDataset(engine, plan, options, pixelLimit, samples);
  const result: Omit<AdaptionResult, typeof jupyterDisplay> = {
    ...report,
    adaptor: parseAdaptor(bytes, "The adaptor"),
    save: async (path, saveOptions = {}) => {
      const file = adaptorPath(path);
      // The user's folder is ours to make.
      await saveFile(file, bytes, file === path ? saveOptions : { ...saveOptions, makeFolder: true });
      return file;
    },
  };
  return withDisplay(result, async () => tableBundle(adaptionTable(report)));
}
