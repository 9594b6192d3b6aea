/** What a run would do, as `--dry-run` lists it. */
import type { DatasetPlan, Target } from "../../sdk/mod.ts";

/** A line for each photo with what lies on it. */
export function planLines({ works }: DatasetPlan): string[] {
  return works.map(({ key, targets }) => `${key} ← ${targets.map(describeTarget).join(", ")}`);
}

function describeTarget(target: Target): string {
  if (target.kind === "annotations") return `${target.relative} (annotations, photo ${target.photoId})`;
  const { mode, siblings } = target;
  const kind = { instance: "mask, instances", semantic: "mask, classes" } as const;
  const what = mode === undefined ? "mask" : kind[mode];
  const along = siblings.length === 0 ? "" : `, with ${siblings.map(({ relative }) => relative).join(", ")}`;
  return `${target.relative} (${what}${along})`;
}

/** The plan as `--json` prints it. */
export function planJSON({ root, works, refused, notes }: DatasetPlan): object {
  return {
    root,
    works: works.map(({ key, photo, targets }) => ({
      key,
      photo,
      targets: targets.map((target) =>
        target.kind === "labels"
          ? { ...target, siblings: target.siblings.map(({ relative }) => relative) }
          : target,
      ),
    })),
    refused: refused.map(({ relative, photoId, error }) => ({
      path: relative,
      photoId,
      message: error.message,
    })),
    notes,
  };
}
