import { hash } from "./noise.ts";
import { type Draw, sample } from "./trace.ts";
import { lerp } from "./vec.ts";

/** Linear light (three floats per pixel) and the object that most samples of each pixel saw. */
export interface Rendering {
  readonly width: number;
  readonly height: number;
  readonly light: Float32Array;
  readonly labels: Uint8Array;
}

// Steps of the two-dimensional golden ratio: their multiples fill the unit square evenly.
const STEP_U = 0.7548776662466927;
const STEP_V = 0.5698402909980532;

/** Draws for sample k of a pixel: the same even sequence for all pixels, shifted by a hash per pixel and use. */
function drawFor(pixel: number, k: number): Draw {
  return (use) => [(hash(pixel, use, 11) + k * STEP_U) % 1, (hash(pixel, use, 23) + (k + 0.5) * STEP_V) % 1];
}

/** The value that occurs most often; on a tie the higher label. */
function majority(votes: Uint16Array): number {
  let best = 0;
  for (let id = 1; id < votes.length; id++) if (votes[id]! >= votes[best]! && votes[id]! > 0) best = id;
  return best;
}

/** A window's light is so bright that one lucky sample would leave a white speck. */
const BRIGHTEST = 6;

/** Renders with side × side samples per pixel. */
export function render(width: number, height: number, side: number): Rendering {
  const light = new Float32Array(width * height * 3);
  const labels = new Uint8Array(width * height);
  const votes = new Uint16Array(256);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const px = pixel % width;
    const py = (pixel - px) / width;
    votes.fill(0);
    for (let k = 0; k < side * side; k++) {
      const draw = drawFor(pixel, k);
      const x = (2 * (px + ((k % side) + 0.5) / side) - width) / height;
      const y = 1 - (2 * (py + (Math.floor(k / side) + 0.5) / side)) / height;
      const seen = sample(x, y, draw);
      votes[seen.id]!++;
      for (let c = 0; c < 3; c++)
        light[pixel * 3 + c]! += Math.min(seen.light[c]!, BRIGHTEST) / (side * side);
    }
    labels[pixel] = majority(votes);
  }
  return { width, height, light, labels };
}

const EXPOSURE = 0.92;

/** How far colours are drawn towards grey: film is less colourful than these pigments. */
const FADED = 0.12;

/** Film curve: straight in the middle, soft shoulder, slightly lifted contrast in the dark. */
function film(x: number): number {
  const y = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14);
  return Math.min(1, Math.max(0, y));
}

const encodeGamma = (x: number): number => (x < 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);

/** Grain: four hashes summed are close enough to a bell curve. */
function grain(pixel: number): number {
  let sum = -2;
  for (let k = 0; k < 4; k++) sum += hash(pixel, k, 77);
  return sum;
}

/** Develops the light into 8-bit sRGB: exposure, darker corners, film curve, a little grain. */
export function develop({ width, height, light }: Rendering): Buffer {
  const out = Buffer.alloc(light.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const px = pixel % width;
    const x = (2 * px - width) / width;
    const y = (2 * ((pixel - px) / width) - height) / width;
    const corner = 1 - 0.22 * (x * x + y * y);
    const grey = 0.2126 * light[pixel * 3]! + 0.7152 * light[pixel * 3 + 1]! + 0.0722 * light[pixel * 3 + 2]!;
    const speck = 2.2 * grain(pixel);
    for (let c = 0; c < 3; c++) {
      const value = encodeGamma(film(EXPOSURE * corner * lerp(light[pixel * 3 + c]!, grey, FADED)));
      out[pixel * 3 + c] = Math.min(255, Math.max(0, Math.round(255 * value + speck)));
    }
  }
  return out;
}
