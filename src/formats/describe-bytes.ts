/** Starts of files that people hand in by mistake, as latin-1. */
const signatures: readonly (readonly [start: string, what: string])[] = [
  ["\x89PNG", "a damaged PNG signature"],
  ["GIF8", "a GIF picture"],
  ["BM", "a BMP picture"],
  ["II*\0", "a TIFF picture"],
  ["MM\0*", "a TIFF picture"],
  ["RIFF", "a WebP picture or another RIFF file"],
  ["PK\x03\x04", "a ZIP archive"],
  ["\x1f\x8b", "a gzip archive"],
];

/** What a file that is no mask seems to be, as the object of "found". */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  const start = String.fromCharCode(...bytes.subarray(0, 256));
  if (start.startsWith("version https://git-lfs"))
    return "a Git LFS pointer (its content is not fetched: run `git lfs pull`)";
  if (isText(start)) return "a text file";
  return signatures.find(([signature]) => start.startsWith(signature))?.[1] ?? "an unknown kind of file";
}

function isText(start: string): boolean {
  for (const char of start) {
    if (char < " " && !"\t\n\r\f".includes(char)) return false;
  }
  // Bytes from 0x80 on are UTF-8 only in company; a short binary start must not pass for text.
  return /^[^\x80-\xff]/.test(start);
}
