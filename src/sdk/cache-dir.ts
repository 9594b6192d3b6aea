/** Where caches live. */
import envPaths from "env-paths";

/** The user's cache folder for this product; `SAMREFINER_CACHE` overrides it. */
export function defaultCacheDir(): string {
  return process.env["SAMREFINER_CACHE"] || envPaths("samrefiner", { suffix: "" }).cache;
}
