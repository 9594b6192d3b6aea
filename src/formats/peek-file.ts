import { describeBytes } from "./describe-bytes.ts";
import { signature } from "./png/chunks.ts";
import { readHeader } from "./png/header.ts";

/** Bytes from a file's start that {@link peekFile} needs. */
export const peekLength = 64;

/** What a file's first bytes say: `labels` is a PNG in gray or palette colours, `colour` one in RGB. */
export type FileKind = "labels" | "colour" | "lfs-pointer" | "empty" | "other";

/**
 * Tells PNGs that can be masks from those in colour, and Git LFS pointers from files.
 *
 * @param head the first 64 bytes of a file, or all of a shorter one
 */
export function peekFile(head: Uint8Array): FileKind {
  if (head.length === 0) return "empty";
  if (signature.every((byte, i) => head[i] === byte)) return pngKind(head);
  return describeBytes(head).startsWith("a Git LFS pointer") ? "lfs-pointer" : "other";
}

/** IHDR comes first and has a fixed place: 8 bytes of signature, 8 of the chunk's length and name. */
function pngKind(head: Uint8Array): FileKind {
  try {
    return readHeader(head.subarray(16, 29), "PNG").channels < 3 ? "labels" : "colour";
  } catch {
    return "other";
  }
}
