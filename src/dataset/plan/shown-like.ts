import { isAbsolute, relative } from "node:path";

/** Paths as a person wrote them: from the working folder where theirs was, else absolute. */
export function shownLike(given: string): (path: string) => string {
  if (isAbsolute(given)) return (path) => path;
  const from = process.cwd();
  return (path) => relative(from, path) || ".";
}
