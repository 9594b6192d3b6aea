/** A run that was begun at a place before. */
import { existsSync } from "node:fs";
import type { PlanView, ReviewView } from "../../protocol/engine.ts";
import type { Engine } from "../engine/mod.ts";
import type { RunPlace } from "./run-places.ts";

/** What became of it. */
export interface EarlierRun {
  /** Whether it worked on the same dataset: only then it can be continued. */
  readonly same: boolean;
  /** Photos that are done. */
  readonly photos: number;
  readonly ended: boolean;
  /** Its dataset. */
  readonly root: string;
}

/** Looks for a journal; one that cannot be read counts as that of another dataset. */
export async function earlierRun(
  engine: Pick<Engine, "request">,
  { out, journal }: RunPlace,
  { root }: Pick<PlanView, "root">,
): Promise<EarlierRun | undefined> {
  if (!existsSync(journal)) return undefined;
  const view = await engine.request("review/open", { journal }).catch(() => undefined);
  if (view === undefined) return { same: false, photos: 0, ended: false, root: journal };
  return {
    same: isSame(view, root, out),
    photos: view.photos.length,
    ended: view.ended !== undefined,
    root: view.root,
  };
}

function isSame(view: ReviewView, root: string, out: string | undefined): boolean {
  return view.root === root && view.out === (out ?? null);
}
