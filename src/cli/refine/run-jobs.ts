/** The work itself: photo by photo, all masks of a photo in one call. */
import { basename, resolve } from "node:path";
import {
  InputError,
  OutputError,
  type RefineOptions,
  type RefineResult,
  type Refiner,
  saveFile,
} from "../../sdk/mod.ts";
import type { Terminal } from "../terminal.ts";
import type { Job } from "./plan-jobs.ts";
import type { RefineReport, Written } from "./report.ts";

/** What the work needs. */
export interface Workplace {
  readonly refiner: Refiner;
  readonly options: RefineOptions;
  readonly report: RefineReport;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Does all jobs; what goes wrong with one mask is reported, and the others are done. */
export async function runJobs(jobs: readonly Job[], place: Workplace): Promise<void> {
  const groups = byPhoto(jobs);
  for (const [i, group] of groups.entries()) {
    const { image } = group[0]!;
    const label = basename(image) + (groups.length === 1 ? "" : ` (photo ${i + 1} of ${groups.length})`);
    const refined = await refineGroup(group, label, place);
    if (refined === undefined) continue;
    place.report.ran(image, refined.result);
    for (const [index, job] of refined.jobs.entries()) {
      place.signal.throwIfAborted();
      await save(job, refined.result, index, place);
    }
  }
}

/** Jobs of one photo share its embedding, so they belong into one call. */
function byPhoto(jobs: readonly Job[]): Job[][] {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const key = resolve(job.image);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  return [...groups.values()];
}

/** The result of a photo, and the jobs it holds masks of; `undefined` when none could be refined. */
async function refineGroup(
  group: readonly Job[],
  label: string,
  { refiner, options, report, terminal, signal }: Workplace,
): Promise<{ result: RefineResult; jobs: Job[] } | undefined> {
  const refused = new Set<Job>();
  const jobsLeft = (): Job[] => group.filter((job) => !refused.has(job));
  try {
    const input = { image: group[0]!.image, mask: group.map(({ mask }) => mask) };
    const result = await refiner.refine(input, {
      ...options,
      explain: group.some(({ explain }) => explain !== undefined),
      signal,
      onRefused: (index, error) => {
        refused.add(group[index]!);
        report.refuse({ masks: [group[index]!.mask], error });
      },
      onProgress: ({ stage, regionsDone, regionsTotal }) =>
        terminal.progress({
          label: `${stageNames[stage]} ${label}`,
          ...(stage === "refine" ? { done: regionsDone, total: regionsTotal, unit: "regions" } : {}),
        }),
    });
    return { result, jobs: jobsLeft() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // When each mask was refused by itself, all is said.
    const masks = jobsLeft().map(({ mask }) => mask);
    if (masks.length > 0) report.refuse({ masks, error });
    return undefined;
  }
}

const stageNames = { read: "reading", encode: "encoding", refine: "refining", done: "writing" } as const;

async function save(job: Job, result: RefineResult, index: number, { report }: Workplace): Promise<void> {
  const { overwrite, output, explain, compare } = job;
  let written: Written | undefined;
  try {
    await result.masks[index]!.save(output.path, { overwrite, makeFolder: output.makeFolder });
    written = { output: output.path };
    if (explain !== undefined) {
      await saveFile(explain.path, await result.explain(index), {
        overwrite,
        makeFolder: explain.makeFolder,
      });
      written = { ...written, explain: explain.path };
    }
    if (compare !== undefined) {
      await saveFile(compare.path, await result.compare({ index }), {
        overwrite,
        makeFolder: compare.makeFolder,
      });
      written = { ...written, compare: compare.path };
    }
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    report.refuse({ masks: [job.mask], error });
  }
  if (written !== undefined) report.refined(job, written, result, index);
}
