/** Values that are computed once and kept in a file. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * The value in a file, or a fresh one, which is kept there; a damaged file is replaced.
 *
 * @param file `undefined` to keep nothing; one that cannot be written costs time later, nothing else
 * @param check the value if it is one
 */
export async function keptJSON<T>(
  file: string | undefined,
  check: (value: unknown) => T | undefined,
  compute: () => Promise<T>,
): Promise<T> {
  if (file === undefined) return compute();
  const kept = await readFile(file, "utf8").then(
    (text) => parsed(text, check),
    () => undefined,
  );
  if (kept !== undefined) return kept;
  const value = await compute();
  await keep(file, value);
  return value;
}

function parsed<T>(text: string, check: (value: unknown) => T | undefined): T | undefined {
  try {
    return check(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Beside its place first, then renamed: several processes may share the folder. */
async function keep(file: string, value: unknown): Promise<void> {
  const temporary = `${file}.${process.pid}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, JSON.stringify(value));
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
