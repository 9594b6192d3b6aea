import { checkPixelLimit } from "../check-pixel-limit.ts";
import type { MaskFile, ReadMaskOptions } from "../mask-file.ts";
import { maskOfSamples } from "../sample-mask.ts";
import { unusable } from "../unusable.ts";
import { type NpyHeader, readNpyHeader } from "./header.ts";
import { largestOf, readNumbers, writeNumber } from "./numbers.ts";

/**
 * Reads a NumPy array of whole numbers, `(height, width)` or with one more side of 1 before or behind, as a mask.
 * Written back it keeps its header, type and order byte for byte.
 *
 * @param bytes - the file, its magic checked by the caller; kept, so it must not change.
 * @throws InputError if the file is broken or too large, has another shape or type, or numbers that are no ids.
 */
export function readNpyMask(bytes: Uint8Array, options: ReadMaskOptions): MaskFile {
  const { name } = options;
  const header = readNpyHeader(bytes, name);
  const { width, height } = sizeOf(header, name);
  checkPixelLimit(name, width, height, options.pixelLimit);
  const { type, fortran, offset } = header;
  checkLength(bytes.length - offset, width * height * type.size, name);
  const numbers = readNumbers(bytes.subarray(offset), type, name);
  const samples = fortran ? transposed(numbers, width, height) : numbers;
  // A byte's full scale may mean "on"; in larger types it is a number like others.
  const fullScale = type.kind === "bool" ? 1 : type.size === 1 ? largestOf(type) : 65_535;
  return maskOfSamples(
    {
      format: "npy",
      width,
      height,
      fullScale,
      paletteSize: undefined,
      read: () => samples,
      writable: () => new Uint8Array(fullScale + 1).fill(1, 0, largestOf(type) + 1),
      original: () => bytes.slice(),
      rewrite: (pixels, sampleAt) => {
        const changed = bytes.slice();
        for (const i of pixels) {
          const place = fortran ? (i % width) * height + Math.floor(i / width) : i;
          writeNumber(changed, offset + place * type.size, sampleAt(i), type);
        }
        return changed;
      },
    },
    options,
  );
}

function sizeOf({ shape }: NpyHeader, name: string): { width: number; height: number } {
  const sides = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape;
  const [height, width, depth = 1] = sides;
  if (sides.length < 2 || sides.length > 3 || depth !== 1 || !height || !width)
    throw unusable(name, `a NumPy array of shape (${shape.join(", ")})`, "(height, width)");
  return { width, height };
}

function checkLength(found: number, expected: number, name: string): void {
  if (found < expected) throw unusable(name, "a NumPy array cut short", `${expected} bytes of numbers`);
  if (found > expected) throw unusable(name, `${found - expected} bytes behind the NumPy array`, "one array");
}

/** Columns that lie together as rows. */
function transposed(
  columns: Uint8Array | Uint16Array,
  width: number,
  height: number,
): Uint8Array | Uint16Array {
  const rows = columns.slice();
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) rows[i] = columns[x * height + y]!;
  }
  return rows;
}
