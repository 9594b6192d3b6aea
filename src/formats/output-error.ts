import { dirname } from "node:path";
import { OutputError } from "../core/errors.ts";

/** Turns what the file system reports about writing `path` into one sentence. */
export function outputError(path: string, cause: unknown): OutputError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const why = reasons[code ?? ""] ?? (cause instanceof Error ? cause.message : String(cause));
  return new OutputError(`${path} cannot be written: ${why.replace("{folder}", () => dirname(path))}`, {
    cause,
  });
}

const denied = "no permission to write into {folder}";
const full = "no space left on its disk, or quota used up";

/** By `errno` name; the same on every platform Node runs on. */
const reasons: Readonly<Record<string, string>> = {
  EEXIST: "it exists and overwriting is off",
  EISDIR: "it is a folder",
  ENOENT: "folder {folder} does not exist",
  ENOTDIR: "{folder} is not a folder",
  EACCES: denied,
  EPERM: denied,
  EROFS: "{folder} is on a read-only disk",
  ENOSPC: full,
  EDQUOT: full,
  ENAMETOOLONG: "its name is too long",
};
