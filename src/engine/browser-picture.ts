/** The photo for a browser. */
import type { Photo } from "../core/lab.ts";

/** Encoded bytes and what they are. */
export interface BrowserPicture {
  readonly bytes: Uint8Array;
  readonly mime: string;
}

const mimes: Readonly<Record<string, string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};

/** Larger photos would take seconds and many megabytes as PNG. */
const PNG_PIXELS = 2 ** 22;
/** Longest side of a WebP. */
const WEBP_SIDE = 16_383;

/**
 * The kind of a file that a browser shows as the engine sees it: 8 bits, one picture, opaque, in colours that it knows,
 * and upright (browsers turn a JPEG as its EXIF says); `undefined` for others.
 */
export async function browserMime(bytes: Uint8Array): Promise<string | undefined> {
  const { default: sharp } = await import("sharp");
  const meta = await sharp(bytes, { limitInputPixels: false }).metadata();
  const { format, depth, space, hasAlpha, pages = 1, orientation = 1 } = meta;
  const plain = depth === "uchar" && (space === "srgb" || space === "b-w") && !hasAlpha && pages === 1;
  return plain && (format === "jpeg" || orientation === 1) ? mimes[format] : undefined;
}

/** Decoded pixels as a picture for display: without loss, or for large photos nearly so. */
export async function encodeForBrowser({ width, height, data }: Photo): Promise<BrowserPicture> {
  const { default: sharp } = await import("sharp");
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const picture = sharp(bytes, { raw: { width, height, channels: 3 }, limitInputPixels: false });
  if (width * height <= PNG_PIXELS || Math.max(width, height) > WEBP_SIDE)
    return { bytes: await picture.png({ compressionLevel: 3 }).toBuffer(), mime: "image/png" };
  return { bytes: await picture.webp({ quality: 95, effort: 1 }).toBuffer(), mime: "image/webp" };
}
