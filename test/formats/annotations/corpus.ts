/** What the tests of every annotation format share: random masks, broken files, checks of reading and writing. */
import fc from "fast-check";
import { expect } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { type Mask, sameValues } from "../../../src/core/mask.ts";
import { encodeRuns, type RunLengthMask } from "../../../src/core/run-length.ts";
import type {
  AnnotatedRegion,
  AnnotationFile,
  AnnotationFormat,
  GeometryOptions,
  Size,
} from "../../../src/formats/annotations/annotation-file.ts";

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decode = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** Masks with parts and holes, never empty: rectangles set and cleared, the first one set last of all. */
export function masks({ width, height }: Size): fc.Arbitrary<Mask> {
  const rectangle = fc.record({
    x: fc.nat(width - 1),
    y: fc.nat(height - 1),
    w: fc.integer({ min: 1, max: Math.ceil(width / 2) }),
    h: fc.integer({ min: 1, max: Math.ceil(height / 2) }),
    value: fc.constantFrom(1, 1, 0),
  });
  return fc.array(rectangle, { minLength: 1, maxLength: 6 }).map((rectangles) => {
    const data = new Uint8Array(width * height);
    for (const { x, y, w, h, value } of rectangles) {
      for (let row = y; row < Math.min(height, y + h); row++) {
        data.fill(value, row * width + x, row * width + Math.min(width, x + w));
      }
    }
    data[rectangles[0]!.y * width + rectangles[0]!.x] = 1;
    return { width, height, data };
  });
}

/** Outlines that hold every pixel. */
export const exact: GeometryOptions = { tolerance: 0, leastPart: 0 };

export const runs = (mask: Mask): RunLengthMask => encodeRuns(mask);

/** All regions of a file. */
export function regionsOf(file: AnnotationFile): AnnotatedRegion[] {
  return file.photos.flatMap(({ regions }) => [...regions]);
}

/** The union of regions' pixels. */
export function union(regions: readonly AnnotatedRegion[], size: Size): Mask {
  const data = new Uint8Array(size.width * size.height);
  for (const region of regions) {
    region.mask(size).data.forEach((value, i) => {
      data[i]! |= value;
    });
  }
  return { ...size, data };
}

/** Writes one change and reads the result again; both texts for comparison. */
export function rewrite(
  format: AnnotationFormat,
  text: string,
  region: string,
  mask: Mask,
  options?: GeometryOptions,
): { text: string; file: AnnotationFile; notes: readonly string[] } {
  const file = format.read("file", encode(text));
  const { bytes, notes } = file.write([{ region, mask: encodeRuns(mask) }], options);
  return { text: decode(bytes), file: format.read("file", bytes), notes };
}

/** Reads a file and all of its regions: an answer of the right size, or a refusal in one sentence; nothing else. */
export function readOrRefuse(format: AnnotationFormat, bytes: Uint8Array, size: Size): void {
  expect(typeof format.detect("file.json", bytes)).toBe("boolean");
  const file = refusing(() => format.read("file", bytes));
  if (file === undefined) return;
  for (const photo of file.photos) {
    for (const region of photo.regions) {
      const wanted =
        photo.size !== undefined && photo.size.width * photo.size.height < 1e6 ? photo.size : size;
      const mask = refusing(() => region.mask(wanted));
      if (mask === undefined) continue;
      expect(mask.data.length).toBe(wanted.width * wanted.height);
      expect(mask.data.every((value) => value <= 1)).toBe(true);
    }
  }
}

/**
 * Reads a file and, where that works, gives its regions new pixels: what is written can be read, and shows them.
 *
 * @param joins whether the format keeps a region's parts together
 */
export function rewriteOrRefuse(
  format: AnnotationFormat,
  bytes: Uint8Array,
  mask: Mask,
  joins: boolean,
): void {
  const file = refusing(() => format.read("file", bytes));
  const sizeOf = (size: Size | undefined): boolean =>
    size === undefined || (size.width === mask.width && size.height === mask.height);
  const photo = file?.photos.find(({ size }) => sizeOf(size));
  const region = photo?.regions.findLast(({ skip }) => skip === undefined);
  if (file === undefined || photo === undefined || region === undefined) return;
  const written = refusing(() => file.write([{ region: region.id, mask: encodeRuns(mask) }], exact));
  if (written === undefined) return;
  const again = format.read("file", written.bytes).photos.find(({ id }) => id === photo.id)!;
  const masks = again.regions
    .filter(({ label }) => label === region.label)
    .map((part) => refusing(() => part.mask(mask)));
  if (joins) expect(masks.some((part) => part !== undefined && sameValues(part.data, mask.data))).toBe(true);
  else expect(again.regions.length).toBeGreaterThanOrEqual(photo.regions.length);
}

function refusing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^file.*found .*, expected .*[^.]$/s);
    return undefined;
  }
}

/** A file with a stretch of it replaced, cut out, doubled or cut off. */
export function damaged(whole: string): fc.Arbitrary<Uint8Array> {
  const snippets = [
    "null",
    "NaN",
    "-1",
    "1e999",
    '"',
    "{}",
    "[]",
    "<",
    "\0",
    "é",
    "[[",
    "true",
    "0",
    '"__proto__":{},',
  ];
  return fc
    .record({
      at: fc.nat(whole.length),
      length: fc.nat(12),
      insert: fc.oneof(fc.constantFrom(...snippets), fc.string({ maxLength: 6 })),
      end: fc.oneof(
        { weight: 3, arbitrary: fc.constant(whole.length) },
        { weight: 1, arbitrary: fc.nat(whole.length) },
      ),
    })
    .map(({ at, length, insert, end }) =>
      encode(whole.slice(0, Math.min(at, end)) + insert + whole.slice(Math.min(at + length, end), end)),
    );
}

/** Any bytes. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ maxLength: 200 }).map(encode),
  fc.json({ maxDepth: 4 }).map(encode),
);
