import { createPicture, type Picture } from "./picture.ts";

/** What one output sample reads: `weights[k]` times input `first + k`. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Resizes a picture; each axis on its own: area average when it shrinks, sharp pixels when it grows three
 * times or more, bilinear in between.
 *
 * @throws RangeError if a side is no integer of at least 1
 */
export function resize(picture: Picture, width: number, height: number): Picture {
  const target = createPicture(width, height);
  if (width === picture.width && height === picture.height) {
    target.data.set(picture.data);
    return target;
  }
  const wide = resizeRows(picture, axisTaps(picture.width, width));
  resizeColumns(wide, axisTaps(picture.height, height), target);
  return target;
}

function axisTaps(inputs: number, outputs: number): Taps[] {
  const step = inputs / outputs;
  const tapsAt = step >= 1 ? areaTaps : step <= 1 / 3 ? nearestTap : linearTaps;
  return Array.from({ length: outputs }, (_, output) => tapsAt(output, step, inputs));
}

function areaTaps(output: number, step: number, inputs: number): Taps {
  const from = output * step;
  const to = Math.min(inputs, from + step);
  const first = Math.floor(from);
  const weights: number[] = [];
  for (let i = first; i < to; i++) weights.push((Math.min(to, i + 1) - Math.max(from, i)) / (to - from));
  return { first, weights };
}

function nearestTap(output: number, step: number): Taps {
  return { first: Math.floor((output + 0.5) * step), weights: [1] };
}

function linearTaps(output: number, step: number, inputs: number): Taps {
  const position = Math.min(Math.max((output + 0.5) * step - 0.5, 0), inputs - 1);
  const first = Math.floor(position);
  const share = position - first;
  return { first, weights: share > 0 ? [1 - share, share] : [1] };
}

/** Resizes every row. Returns `[height, taps.length, 4]`, colours premultiplied so that clear pixels do not tint. */
function resizeRows({ width, height, data }: Picture, taps: readonly Taps[]): Float32Array {
  const out = new Float32Array(height * taps.length * 4);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (const { first, weights } of taps) {
      let from = (y * width + first) * 4;
      for (const weight of weights) {
        const share = (weight * data[from + 3]!) / 255;
        for (let c = 0; c < 3; c++) out[to + c] = out[to + c]! + share * data[from + c]!;
        out[to + 3] = out[to + 3]! + share;
        from += 4;
      }
      to += 4;
    }
  }
  return out;
}

function resizeColumns(wide: Float32Array, taps: readonly Taps[], target: Picture): void {
  const stride = target.width * 4;
  const row = new Float32Array(stride);
  for (const [y, { first, weights }] of taps.entries()) {
    row.fill(0);
    for (const [k, weight] of weights.entries()) {
      const from = (first + k) * stride;
      for (let i = 0; i < stride; i++) row[i] = row[i]! + weight * wide[from + i]!;
    }
    unpremultiply(row, target.data, y * stride);
  }
}

function unpremultiply(row: Float32Array, data: Uint8ClampedArray, offset: number): void {
  for (let i = 0; i < row.length; i += 4) {
    const opacity = row[i + 3]!;
    if (opacity <= 0) continue;
    for (let c = 0; c < 3; c++) data[offset + i + c] = row[i + c]! / opacity;
    data[offset + i + 3] = opacity * 255;
  }
}
