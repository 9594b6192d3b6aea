/** The photo that a session opens. */
import { stat } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";
import type { DatasetPlan, PhotoWork } from "../plan/dataset-plan.ts";
import { planDataset } from "../plan/plan-dataset.ts";
import type { SessionOptions } from "./refinement-session.ts";

/** Keys that a message lists. */
const LISTED = 3;

/** A photo with its files, and what was found wrong with others. */
export interface FoundWork {
  readonly work: PhotoWork;
  readonly notes: readonly string[];
}

/**
 * Finds the one photo that sources lie on.
 *
 * @throws {InputError} when there is none, or there are several and no key says which
 */
export async function findWork(
  source: string | readonly string[],
  options: Pick<SessionOptions, "image" | "key" | "pairing" | "format" | "signal">,
): Promise<FoundWork> {
  const { image, key, pairing, format, signal } = options;
  const plan = await planDataset(source, { pairing, format, signal });
  const drawn = image === undefined ? undefined : await workOn(plan, image);
  if (drawn !== undefined) return { work: drawn, notes: refusalsOf(plan) };
  // The photo that was named counts, whatever the names of the masks say.
  const named =
    image === undefined ? plan : await planDataset(source, { pairing, format, signal, images: image });
  return { work: pick(named, key, [source].flat().join(", ")), notes: refusalsOf(named) };
}

/** The photo's work, where an annotation file links it, or nothing else was found. */
async function workOn({ works }: DatasetPlan, image: string): Promise<PhotoWork | undefined> {
  const wanted = await stat(image).catch(() => undefined);
  const linked = works.every(({ targets }) => targets.every(({ kind }) => kind === "annotations"));
  if (wanted === undefined || !(linked || works.length === 1)) return undefined;
  for (const work of works) {
    const found = await stat(work.photo).catch(() => undefined);
    if (found !== undefined && found.ino === wanted.ino && found.dev === wanted.dev) return work;
  }
  return undefined;
}

function pick({ works, refused }: DatasetPlan, key: string | undefined, source: string): PhotoWork {
  const [first] = works;
  if (first === undefined)
    throw (
      refused[0]?.error ?? new InputError(`${source} has no masks: expected a mask or an annotation file`)
    );
  if (key !== undefined) {
    const named = works.find((work) => work.key === key);
    if (named !== undefined) return named;
    throw new InputError(`${source} has no photo "${key}": expected one of ${listed(works)}`);
  }
  if (works.length === 1) return first;
  throw new InputError(
    `${source} lies on ${works.length} photos (${listed(works)}): expected the key of one of them`,
  );
}

function listed(works: readonly PhotoWork[]): string {
  const names = works.slice(0, LISTED).map(({ key }) => key);
  return names.join(", ") + (works.length > LISTED ? ", …" : "");
}

function refusalsOf({ refused }: DatasetPlan): string[] {
  return refused.map(({ error }) => error.message);
}
