/** A job's photo as it lies on this machine. */
import type { LabelTarget, PhotoWork, Target } from "../../dataset/plan/dataset-plan.ts";
import { followingSibling } from "../../dataset/plan/layouts/follow.ts";
import type { JobFile, JobTarget, PhotoJob } from "../job.ts";
import type { JobInputs } from "./job-inputs.ts";

/**
 * Finds the files of a job.
 *
 * @throws {InputError} when the store does not give one
 * @throws {OutputError} for a path that leaves the shared folder
 */
export async function localWork({ key, photo, targets }: PhotoJob, inputs: JobInputs): Promise<PhotoWork> {
  const found: Target[] = [];
  for (const target of targets) found.push(await localTarget(target, inputs));
  return { key, photo: await inputs.pathOf(photo), targets: found };
}

async function localTarget(target: JobTarget, inputs: JobInputs): Promise<Target> {
  const { relative, file } = target;
  const path = await inputs.pathOf(file);
  if (target.kind === "annotations") {
    const { kind, photoId, format } = target;
    return { kind, path, relative, photoId, format };
  }
  const { kind, mode, reading } = target;
  const siblings: LabelTarget["siblings"][number][] = [];
  for (const sibling of target.siblings) {
    const own = await inputs.pathOf(sibling.file);
    siblings.push({
      ...followingSibling(path, own, sibling.rule, (shown) => shown),
      relative: sibling.relative,
    });
  }
  return {
    ...{ kind, path, relative, siblings },
    ...(mode === undefined ? {} : { mode }),
    ...(reading === undefined ? {} : { reading }),
  };
}

/** Files that no other job needs. */
export function ownFiles({ photo, targets }: PhotoJob): JobFile[] {
  const masks = targets.filter((target) => target.kind === "labels");
  return [
    photo,
    ...masks.flatMap(({ file, siblings }) => [file, ...siblings.map((sibling) => sibling.file)]),
  ];
}
