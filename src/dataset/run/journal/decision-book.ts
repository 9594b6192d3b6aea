/** What people decided about regions, by photo and file. */
import type { Decision, DecisionRecord, PhotoRecord, TargetStamp } from "./records.ts";

/** What a decision was about: the same content gives the same regions. */
export type JudgedPhoto = Pick<PhotoRecord, "session" | "photo" | "targets">;

const NONE: ReadonlyMap<string, Decision> = new Map();

/** Decisions as they stand. */
export class DecisionBook {
  readonly #photos = new Map<string, Map<number, Map<string, Decision>>>();

  /** The decisions about regions of one file, by the region's id. */
  of(key: string, target: number): ReadonlyMap<string, Decision> {
    return this.#photos.get(key)?.get(target) ?? NONE;
  }

  /** Number of decisions about a photo's regions. */
  count(key: string): number {
    return [...(this.#photos.get(key)?.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes decisions in. */
  note(decisions: readonly DecisionRecord[]): void {
    for (const { key, target, id, decision } of decisions) {
      const regions = this.#regions(key, target);
      if (decision === null) regions.delete(id);
      else regions.set(id, decision);
    }
  }

  /** A photo was refined again: decisions about other pixels than before no longer count. */
  renew(key: string, before: JudgedPhoto | undefined, now: JudgedPhoto): void {
    const photo = this.#photos.get(key);
    for (const target of photo?.keys() ?? [])
      if (before === undefined || !isJudgedAgain(before, now, target)) photo?.delete(target);
  }

  #regions(key: string, target: number): Map<string, Decision> {
    const photo = this.#photos.get(key) ?? new Map<number, Map<string, Decision>>();
    this.#photos.set(key, photo);
    const regions = photo.get(target) ?? new Map<string, Decision>();
    photo.set(target, regions);
    return regions;
  }
}

/** Whether a file's regions were made from the same content, by the same method. */
export function isJudgedAgain(before: JudgedPhoto, now: JudgedPhoto, target: number): boolean {
  return (
    before.session === now.session &&
    before.photo?.sha256 === now.photo?.sha256 &&
    sameTarget(before.targets[target], now.targets[target])
  );
}

function sameTarget(before: TargetStamp | undefined, now: TargetStamp | undefined): boolean {
  return (
    before !== undefined &&
    now !== undefined &&
    before.path === now.path &&
    before.sha256 === now.sha256 &&
    before.photoId === now.photoId &&
    (before.siblings ?? []).every(({ sha256 }, i) => sha256 === now.siblings?.[i]?.sha256)
  );
}
