/** Small datasets, and an engine that moves every mask one pixel to the right. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import sharp from "sharp";
import { type Mask, maskArea } from "../../../src/core/mask.ts";
import { maskIoU } from "../../../src/core/metrics/mask-iou.ts";
import { type PlanOptions, planDataset } from "../../../src/dataset/plan/plan-dataset.ts";
import type { PhotoResult } from "../../../src/dataset/run/photo-result.ts";
import type { RunEngine } from "../../../src/dataset/run/refine-pieces.ts";
import { runDataset } from "../../../src/dataset/run/run-dataset.ts";
import type { RunOptions } from "../../../src/dataset/run/run-options.ts";
import type { CascadeResult, CascadeTask } from "../../../src/engine/cascade.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Schedule } from "../../../src/engine/schedule.ts";
import { encodeBinaryPNG } from "../../../src/formats/mod.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";

export const width = 40;
export const height = 30;

/** Counts what it is asked for. */
export class StubEngine {
  readonly device = "cpu" as const;
  readonly model = { manifest: { name: "stub" }, sha256: "a".repeat(64) } as unknown as Engine["model"];
  encoded = 0;
  refined = 0;
  /** Called before each encoding. */
  onEncode: (nth: number) => void | Promise<void> = () => {};

  get engine(): RunEngine {
    return this as unknown as RunEngine;
  }

  /** How runs go on. */
  photosAtOnce = 2;

  async schedule(): Promise<Schedule> {
    return { workload: "series", photosAtOnce: this.photosAtOnce };
  }

  rest(): void {}

  async encode(): Promise<Awaited<ReturnType<Engine["encode"]>>> {
    await this.onEncode(++this.encoded);
    return { embedding: new Float32Array(1), encoderRuns: 1, runtimeMs: 0 };
  }

  async refine(
    _: unknown,
    tasks: readonly CascadeTask[],
    onRegion?: () => void,
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<Engine["refine"]>>> {
    const results = tasks.map((task) => {
      signal?.throwIfAborted();
      this.refined++;
      onRegion?.();
      return moved(task);
    });
    return { results, encoderRuns: 0, encodeMs: 0, decoderRuns: 0, decodeMs: 0, methodMs: 0 };
  }
}

/** A mask that fills its last column is kept. */
function moved({ mask, logits }: CascadeTask): CascadeResult {
  const { width: w, height: h, data } = mask;
  const right = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) if (data[i] === 1 && (i + 1) % w > 0) right[i + 1] = 1;
  if (data[w - 1] === 1)
    return {
      verdict: "kept",
      reason: "it touches the edge",
      refinedArea: maskArea(mask),
      coarseIoU: 1,
      iterations: [],
    };
  const refined = { x0: 0, y0: 0, x1: w, y1: h, mask: right };
  return {
    verdict: "refined",
    refined: logits ? { ...refined, logits: Float32Array.from(right, (v) => (v === 1 ? 1 : -1)) } : refined,
    refinedArea: maskArea({ ...mask, data: right }),
    coarseIoU: maskIoU(mask, { ...mask, data: right }),
    predictedIoU: 0.9,
    iterations: [],
  };
}

/** A photo of one colour, so that files differ. */
export function photoBytes(shade: number): Promise<Uint8Array> {
  const background = { r: shade, g: 120, b: 200 - shade };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A mask of a rectangle. */
export function maskBytes(x0 = 5, y0 = 5, x1 = 15, y1 = 20): Uint8Array {
  return encodeBinaryPNG(rectangle(width, height, [x0, y0, x1, y1]));
}

/** The same, moved as the engine does. */
export function movedBytes(x0 = 5, y0 = 5, x1 = 15, y1 = 20): Mask {
  return rectangle(width, height, [x0 + 1, y0, x1 + 1, y1]);
}

/** A folder of its own with files in it. */
export class Place {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), "samrefiner-run-")));
  }

  path(...names: string[]): string {
    return join(this.root, ...names);
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content);
  }

  read(name: string): Promise<Buffer> {
    return readFile(this.path(name));
  }

  /** `images/p0.png` … with `masks/p0.png` …, below `data`. */
  async photos(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.write(`data/images/p${i}.png`, await photoBytes(i));
      await this.write(`data/masks/p${i}.png`, maskBytes(5, 5, 15 + i, 20));
    }
  }

  /** Everything below a folder: path to content, journals left out. */
  async tree(folder: string): Promise<Record<string, string>> {
    const entries = await readdir(this.path(folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    const files = entries.filter((entry) => entry.isFile() && !entry.name.includes(".jsonl"));
    const pairs = files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(this.path(folder), path), (await readFile(path)).toString("base64")] as const;
    });
    return Object.fromEntries((await Promise.all(pairs)).sort());
  }

  async run(
    stub: StubEngine,
    options: RunOptions & PlanOptions = {},
    source = "data",
  ): Promise<PhotoResult[]> {
    const results: PhotoResult[] = [];
    for await (const result of await this.start(stub, options, source)) results.push(result);
    return results;
  }

  /** Plans, and begins with the first result that is asked for. */
  async start(
    stub: StubEngine,
    options: RunOptions & PlanOptions = {},
    source = "data",
  ): Promise<AsyncGenerator<PhotoResult, void>> {
    const plan = await planDataset(this.path(source), options);
    return runDataset(stub.engine, plan, options.inPlace ? options : { out: this.path("out"), ...options });
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}
