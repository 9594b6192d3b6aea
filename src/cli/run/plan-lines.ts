/** What a run would do, as `--dry-run` lists it. */
import { extname } from "node:path";
import type { DatasetPlan, Target } from "../../sdk/mod.ts";

/** A line for each photo with what lies on it. */
export function planLines({ works }: DatasetPlan): string[] {
  return works.map(({ key, targets }) => `${key} ← ${targets.map(describeTarget).join(", ")}`);
}

function describeTarget(target: Target): string {
  if (target.kind === "annotations") return `${target.relative} (${target.format}, photo ${target.photoId})`;
  const { mode, siblings, relative } = target;
  const kind = { instance: ", instances", semantic: ", classes" } as const;
  const what = `${formatOf(relative)} mask${mode === undefined ? "" : kind[mode]}`;
  const along = siblings.length === 0 ? "" : `, with ${siblings.map(({ relative }) => relative).join(", ")}`;
  return `${target.relative} (${what}${along})`;
}

/** `png` of `masks/a.png`. */
function formatOf(path: string): string {
  return extname(path).slice(1).toLowerCase();
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
          ? {
              ...target,
              format: formatOf(target.relative),
              siblings: target.siblings.map(({ relative }) => relative),
            }
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
