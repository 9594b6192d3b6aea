/** Mime types by how such a file begins, in Latin-1; a dot is any byte. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  "\x89PNG\r\n\x1a\n": "image/png",
  "\xff\xd8\xff": "image/jpeg",
  GIF8: "image/gif",
  "RIFF....WEBP": "image/webp",
};

/** Mime type of an encoded picture that a notebook can show. */
export function imageType(bytes: Uint8Array): string | undefined {
  const matches = (beginning: string): boolean =>
    [...beginning].every((char, i) => char === "." || char.charCodeAt(0) === bytes[i]);
  return Object.entries(BEGINNINGS).find(([beginning]) => matches(beginning))?.[1];
}
