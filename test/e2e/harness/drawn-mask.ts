/** What the preview's canvas shows, as a mask: the pixels that differ from the photo alone. */
import type { FrameLocator } from "playwright-core";

/** Where the photo lies on the canvas, and which of its pixels a mask covers. */
export interface DrawnMask {
  /** Canvas pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** 1 where a mask is drawn: `Uint8Array [height, width] row-major`. */
  readonly covered: Uint8Array;
}

/** Hides the masks for a moment, with their key. The pointer must not be over a text field. */
export async function drawnMask(frame: FrameLocator): Promise<DrawnMask> {
  const canvas = frame.locator("canvas.canvas");
  await settled(frame);
  await canvas.evaluate(remember, "masks");
  await canvas.press("m");
  await settled(frame);
  await canvas.evaluate(remember, "photo");
  await canvas.press("m");
  await settled(frame);
  const { runs, ...place } = await canvas.evaluate(compare);
  return { ...place, covered: unpack(runs, place.width * place.height) };
}

/** Canvas pixels at a mask's edge that its outline may cover. */
const OUTLINE = 3;

/**
 * Share of pixels where drawn and expected mask agree, of those that either covers. What lies next to the expected
 * mask's edge does not count: an outline is drawn there.
 */
export function agreement(drawn: DrawnMask, expected: { width: number; data: ArrayLike<number> }): number {
  const wanted = onCanvas(expected, drawn);
  const { width, height, covered } = drawn;
  let both = 0;
  let either = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (isEdge(wanted, width, x, y)) continue;
      both += Number(wanted[i] === 1 && covered[i] === 1);
      either += Number(wanted[i] === 1 || covered[i] === 1);
    }
  }
  return both / either;
}

/** A mask of the photo's size, sampled where canvas pixels lie. */
function onCanvas(
  { width, data }: { width: number; data: ArrayLike<number> },
  place: Pick<DrawnMask, "width" | "height">,
): Uint8Array {
  const scale = width / place.width;
  const at = (i: number): number => Math.floor((i + 0.5) * scale);
  return Uint8Array.from({ length: place.width * place.height }, (_, i) =>
    Number(data[at(Math.floor(i / place.width)) * width + at(i % place.width)] !== 0),
  );
}

function isEdge(mask: Uint8Array, width: number, x: number, y: number): boolean {
  const own = mask[y * width + x];
  for (let dy = -OUTLINE; dy <= OUTLINE; dy++) {
    for (let dx = -OUTLINE; dx <= OUTLINE; dx++) {
      const other = mask[(y + dy) * width + x + dx];
      if (other !== undefined && other !== own) return true;
    }
  }
  return false;
}

/** Number of canvas pixels that only one of both covers. */
export function differingPixels(a: DrawnMask, b: DrawnMask): number {
  return a.covered.reduce((sum, value, i) => sum + Number(value !== b.covered[i]), 0);
}

/** Two frames later everything that was asked for is drawn; masks may take a few more. */
async function settled(frame: FrameLocator): Promise<void> {
  await frame.locator("canvas.canvas").evaluate(async (canvas: HTMLCanvasElement) => {
    const look = (): string => canvas.toDataURL();
    const frames = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    };
    await frames();
    for (let before = look(), tries = 0; tries < 40; tries++) {
      await frames();
      const now = look();
      if (now === before) return;
      before = now;
    }
  });
}

type Kept = HTMLCanvasElement & { kept?: Record<string, ImageData> };

function remember(canvas: HTMLCanvasElement | SVGElement, name: string): void {
  const { width, height } = canvas as HTMLCanvasElement;
  const pixels = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
  (canvas as Kept).kept = { ...(canvas as Kept).kept, [name]: pixels };
}

interface Comparison {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Lengths of runs, the first one uncovered. */
  runs: number[];
}

/** The photo is where the canvas is opaque; it is covered where both readings differ. */
function compare(canvas: HTMLCanvasElement | SVGElement): Comparison {
  const { masks, photo } = (canvas as Kept).kept!;
  const { width, height, data } = photo!;
  const opaque = (x: number, y: number): boolean => data[4 * (y * width + x) + 3] === 255;
  const columns = [...Array(width).keys()].filter((x) => opaque(x, height >> 1));
  const rows = [...Array(height).keys()].filter((y) => opaque(width >> 1, y));
  const box = { left: columns[0]!, top: rows[0]!, width: columns.length, height: rows.length };
  const runs: number[] = [];
  let covered = false;
  let length = 0;
  for (let y = box.top; y < box.top + box.height; y++) {
    for (let x = box.left; x < box.left + box.width; x++) {
      const i = 4 * (y * width + x);
      const differs = [0, 1, 2].some((c) => Math.abs(masks!.data[i + c]! - data[i + c]!) > 4);
      if (differs !== covered) {
        runs.push(length);
        length = 0;
        covered = differs;
      }
      length++;
    }
  }
  return { ...box, runs: [...runs, length] };
}

function unpack(runs: readonly number[], size: number): Uint8Array {
  const covered = new Uint8Array(size);
  let at = 0;
  for (const [index, length] of runs.entries()) {
    if (index % 2 === 1) covered.fill(1, at, at + length);
    at += length;
  }
  return covered;
}
