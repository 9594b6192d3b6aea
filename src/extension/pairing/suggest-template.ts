/** A pairing template from one pair that a person chose. */
import { posix } from "node:path";
import type { MaskAndPhoto } from "./tell-mask-from-photo.ts";

/**
 * The template that pairs other masks as this one was, for example `masks/{name}_m.png -> photos/{name}.{ext}`;
 * `undefined` where the names have nothing in common or characters that templates cannot say.
 */
export function suggestTemplate({ mask, photo }: MaskAndPhoto): string | undefined {
  const [from, to] = [slashes(mask), slashes(photo)];
  if (/[{}]|->/.test(from + to)) return undefined;
  const name = sharedName(stem(from), stem(to));
  if (name === undefined) return undefined;
  const [maskFolders, photoFolders] = foldersApart(folders(from), folders(to));
  const [maskFile, photoFile] = [stem(from), stem(to)].map((text) => text.replace(name, "{name}"));
  const left = [...maskFolders, `${maskFile}${posix.extname(from)}`].join("/");
  return `${left} -> ${[...photoFolders, `${photoFile}.{ext}`].join("/")}`;
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/").normalize("NFC");
}

function stem(path: string): string {
  return posix.basename(path, posix.extname(path));
}

function folders(path: string): string[] {
  return posix.dirname(path).split("/");
}

/**
 * The longest text that both names have. It must be the whole of one of them or hold a digit: letters that two names
 * happen to share do not tell this photo from others.
 */
function sharedName(a: string, b: string): string | undefined {
  for (let length = Math.min(a.length, b.length); length > 0; length--) {
    for (let from = 0; from + length <= a.length; from++) {
      const text = a.slice(from, from + length);
      if (b.includes(text) && (text === a || text === b || /\p{N}/u.test(text))) return text;
    }
  }
  return undefined;
}

/** The folders in which the two differ; equal ones below are any folders, `{**}`. */
function foldersApart(a: readonly string[], b: readonly string[]): [a: string[], b: string[]] {
  const same = a.findIndex((folder, i) => folder !== b[i]);
  const start = same < 0 ? a.length : same;
  const [left, right] = [a.slice(start), b.slice(start)];
  let below = 0;
  // A mask pattern needs a folder before `{**}`, or that would stand for every folder of the disk.
  while (below < left.length - 1 && below < right.length && left.at(-1 - below) === right.at(-1 - below))
    below++;
  if (below === 0) return [left, right];
  const general = (parts: readonly string[]): string[] => [...parts.slice(0, parts.length - below), "{**}"];
  return [general(left), general(right)];
}
