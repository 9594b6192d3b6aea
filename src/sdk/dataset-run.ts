/** A run over a dataset: a loop over its photos, or all of them at once. */
import type { PhotoResult } from "../dataset/run/photo-result.ts";
import { type Displayed, jupyterDisplay, withDisplay } from "./display/displayed.ts";
import { runTable } from "./display/run-table.ts";
import { tableBundle } from "./display/table-bundle.ts";

/** All photos of a run. Notebooks show it as a table. */
export interface DatasetResult extends Displayed {
  /** In the order in which they were done. */
  readonly photos: readonly PhotoResult[];
}

/**
 * A run under way: loop over it with `for await`, or await {@link DatasetRun.result}. It starts with the first photo
 * that is asked for. Shown in a notebook, it runs to its end and shows its result.
 */
export interface DatasetRun extends AsyncGenerator<PhotoResult, void>, Displayed {
  /**
   * Runs to the end.
   *
   * @returns every photo, those of an earlier loop included
   * @throws what the loop would throw
   */
  result(): Promise<DatasetResult>;
}

/** A run that remembers its photos. */
export function trackedRun(photos: AsyncGenerator<PhotoResult, void>): DatasetRun {
  const seen: PhotoResult[] = [];
  const run: DatasetRun = {
    next: async () => {
      const step = await photos.next();
      if (step.done !== true) seen.push(step.value);
      return step;
    },
    return: (value) => photos.return(value),
    throw: (error) => photos.throw(error),
    result: async () => {
      while ((await run.next()).done !== true);
      return resultOf([...seen]);
    },
    [Symbol.asyncIterator]: () => run,
    [Symbol.asyncDispose]: async () => void (await photos.return()),
    [jupyterDisplay]: async () => (await run.result())[jupyterDisplay](),
  };
  return run;
}

function resultOf(photos: readonly PhotoResult[]): DatasetResult {
  return withDisplay({ photos }, async () => tableBundle(runTable(photos)));
}
