/** A plan while it is being made: the root that all relative paths start from is known at the end. */
import { basename, dirname, relative, sep } from "node:path";
import { InputError } from "../../core/errors.ts";
import type {
  AnnotationTarget,
  DatasetPlan,
  LabelTarget,
  PhotoWork,
  Refusal,
  Sibling,
  Target,
} from "./dataset-plan.ts";
import { commonFolder, isInside } from "./inside.ts";
import { naturalOrder } from "./natural-order.ts";

/** A sibling before its relative path is known. */
export type SiblingDraft = Omit<Sibling, "relative">;

/** A mask file before its relative path is known. */
export interface LabelDraft extends Omit<LabelTarget, "relative" | "siblings"> {
  readonly siblings: readonly SiblingDraft[];
}

/** A target before its relative path is known. */
export type TargetDraft = LabelDraft | Omit<AnnotationTarget, "relative">;

/** Collects what is found. */
export class PlanDraft {
  readonly #works = new Map<string, TargetDraft[]>();
  readonly #refused: Omit<Refusal, "relative">[] = [];
  readonly #notes: string[] = [];

  /** Photos that have something to refine. */
  has(photo: string): boolean {
    return this.#works.has(photo);
  }

  add(photo: string, target: TargetDraft): void {
    const targets = this.#works.get(photo);
    if (targets === undefined) this.#works.set(photo, [target]);
    else targets.push(target);
  }

  note(sentence: string): void {
    this.#notes.push(sentence);
  }

  refuse(path: string, error: InputError, photoId?: string): void {
    this.#refused.push({ path, error, ...(photoId === undefined ? {} : { photoId }) });
  }

  /** Runs a step; where it finds something unusable, that is recorded and the others go on. */
  async attempt<T>(
    path: string,
    photoId: string | undefined,
    step: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.refuse(path, error, photoId);
      return undefined;
    }
  }

  /** @param root absolute folder that is the plan's root unless a file to be written lies outside of it */
  finish(root: string): DatasetPlan {
    const files = [...this.#works.values()].flat().flatMap(filesOf);
    const shared = commonFolder([root, ...files.map((file) => dirname(file))]);
    const below = (path: string): string => relative(shared, path).split(sep).join("/") || basename(path);
    const keyOf = (photo: string): string =>
      isInside(photo, shared) ? below(photo) : photo.split(sep).join("/");
    const works = [...this.#works].map(
      ([photo, targets]): PhotoWork => ({
        key: keyOf(photo),
        photo,
        targets: targets.map((target) => placed(target, below)).sort(byPlace),
      }),
    );
    return {
      root: shared,
      works: works.sort((a, b) => naturalOrder(a.key, b.key)),
      refused: this.#refused
        // What looked like a mask without a photo may turn out to be the photo of another.
        .filter(({ path }) => !this.#works.has(path))
        .map((refusal) => ({ ...refusal, relative: below(refusal.path) }))
        .sort(byPlace),
      notes: this.#notes,
    };
  }
}

function filesOf(target: TargetDraft): string[] {
  if (target.kind === "annotations") return [target.path];
  return [target.path, ...target.siblings.map((sibling) => sibling.path)];
}

function placed(target: TargetDraft, below: (path: string) => string): Target {
  if (target.kind === "annotations") return { ...target, relative: below(target.path) };
  const siblings = target.siblings.map((sibling): Sibling => ({ ...sibling, relative: below(sibling.path) }));
  return { ...target, relative: below(target.path), siblings };
}

function byPlace(
  a: { readonly relative: string; readonly photoId?: string },
  b: { readonly relative: string; readonly photoId?: string },
): number {
  return naturalOrder(a.relative, b.relative) || naturalOrder(a.photoId ?? "", b.photoId ?? "");
}
