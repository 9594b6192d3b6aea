/** Data sets with coarse masks and ground truth, as they are published. */
import type { LoadedMask } from "../load-mask.ts";

/** Layouts of data sets. */
export const benchmarkLayouts = ["davis585", "coco", "voc", "big", "relabelled-voc"] as const;

/** Layout of a data set. */
export type BenchmarkLayout = (typeof benchmarkLayouts)[number];

/** Kinds of entries; `highres` is instances on large photos. */
export const benchmarkKinds = ["instance", "highres", "semantic"] as const;

/** Kind of an entry. */
export type BenchmarkKind = (typeof benchmarkKinds)[number];

/**
 * A data set in its own layout:
 * - `davis585`: `<sequence>/<frame>.jpg`, `<object>_<frame>.png`, `init_sp_<object>_<frame>.png`, in `root` or its `data`
 * - `coco`: an annotation file, a file of results, photos by their `file_name`
 * - `voc`: `JPEGImages/<id>.jpg`, `SegmentationClass/<id>.png` (or `SegmentationClassAug`), pseudo masks `<id>.png`
 * - `big` and `relabelled-voc`: `<name>_im.jpg`, `<name>_gt.png`, `<name>_seg.png`
 */
export interface BenchmarkData {
  /** Which. */
  readonly layout: BenchmarkLayout;
  /** Its folder. */
  readonly root: string;
  /**
   * The coarse masks. `davis585`: `sp` (simulated) or `stm` (a tracker's), by default `sp`. `coco`: the file of results.
   * `voc`: the folder of pseudo masks. `big`, `relabelled-voc`: the folder of `_seg.png` files.
   *
   * @default that of the layout; `coco` and `voc` need it
   */
  readonly coarse?: string | undefined;
  /**
   * The ground truth: the annotation file of `coco`, a folder of `voc`.
   *
   * @default `annotations/instances_train2017_5K.json`, or the first of `SegmentationClassAug` and `SegmentationClass`
   */
  readonly truth?: string | undefined;
  /** The photos of `coco` and `voc`. @default `train2017`, `JPEGImages` */
  readonly images?: string | undefined;
}

/** One coarse mask with its photo and ground truth. */
export interface BenchmarkItem {
  /** Name of the entry. */
  readonly id: string;
  readonly kind: BenchmarkKind;
  /** Which of several sources it is from. */
  readonly source: string;
  /** Path of the photo. */
  readonly image: string;
  /** Reads both masks. */
  readonly readMasks: (pixelLimit: number, signal: AbortSignal | undefined) => Promise<ItemMasks>;
}

/** The masks of an entry, as their files lie. */
export interface ItemMasks {
  readonly coarse: LoadedMask;
  readonly truth: LoadedMask;
}

/** What a benchmark runs over. */
export interface OpenBenchmark {
  readonly items: readonly BenchmarkItem[];
  /** What of the data set cannot be used, one sentence each. */
  readonly problems: readonly string[];
  /** Set where entries are of one data set, whose overlaps add up to its published measure. */
  readonly pooled?: {
    /** Whether 0 is a class. */
    readonly background: boolean;
  };
}
