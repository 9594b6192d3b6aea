/** Absolute paths in a text, shortened. */
import { sep } from "node:path";

/** A folder, and what stands for it; empty for nothing. */
export interface ShownFolder {
  readonly path: string;
  readonly shown: string;
}

/** The text with paths below the folders named from there; the longest folder first, as they may lie in each other. */
export function shortenPaths(text: string, folders: readonly ShownFolder[]): string {
  const longest = [...folders].sort((a, b) => b.path.length - a.path.length);
  return longest.reduce(
    (short, { path, shown }) => short.replaceAll(path + sep, shown === "" ? "" : shown + sep),
    text,
  );
}
