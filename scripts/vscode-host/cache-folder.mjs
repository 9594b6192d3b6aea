import { fileURLToPath } from "node:url";

/** Absolute path below the git-ignored cache of this checkout. */
export function cacheFolder(path) {
  return fileURLToPath(new URL(`../../.cache/${path}`, import.meta.url));
}
