/** The files of a job, always in the same order: texts name them by their place in it. */
import type { PhotoWork } from "../dataset/plan/dataset-plan.ts";
import type { Rewrite } from "./bundle.ts";

/** Paths of a photo's files. */
export function pathsOfWork({ photo, targets }: PhotoWork): string[] {
  return [
    photo,
    ...targets.flatMap((target) => [
      target.path,
      ...(target.kind === "labels" ? target.siblings.map(({ path }) => path) : []),
    ]),
  ];
}

/** Puts places for paths: what a worker calls its files means nothing elsewhere. */
export function hidePaths(work: PhotoWork): Rewrite {
  const places = pathsOfWork(work).map((path, i) => ({ path, mark: `⟦${i}⟧` }));
  // A path may begin another one.
  places.sort((a, b) => b.path.length - a.path.length);
  return (text) => places.reduce((shown, { path, mark }) => shown.replaceAll(path, mark), text);
}

/** Puts this machine's paths for places. */
export function showPaths(work: PhotoWork): Rewrite {
  const paths = pathsOfWork(work);
  return (text) => text.replace(/⟦(\d+)⟧/g, (whole, i: string) => paths[Number(i)] ?? whole);
}
