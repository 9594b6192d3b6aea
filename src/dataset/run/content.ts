/** What files hold. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { InputError } from "../../core/errors.ts";

/** sha256 of bytes, hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** sha256 of a file, hexadecimal; `undefined` where there is none. */
export async function hashOfFile(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new InputError(`${path} cannot be read (${message}): expected a file`, { cause });
  }
  return hash.digest("hex");
}
