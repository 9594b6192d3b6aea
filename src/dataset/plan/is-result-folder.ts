import { open } from "node:fs/promises";
import { join } from "node:path";
import { JOURNAL_NAME } from "../run/run-options.ts";

/** Longer first lines are no journal's. */
const longest = 65_536;

/**
 * Whether a folder holds the results of an earlier run, as the first line of its journal says. A run in place leaves
 * its journal with the dataset: that folder is none.
 */
export async function isResultFolder(folder: string, files: readonly string[]): Promise<boolean> {
  if (!files.includes(JOURNAL_NAME)) return false;
  try {
    const header: unknown = JSON.parse(await firstLine(join(folder, JOURNAL_NAME)));
    return typeof (header as { out?: unknown } | null)?.out === "string";
  } catch {
    return false;
  }
}

async function firstLine(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(longest), 0, longest, 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead)).split("\n", 1)[0]!;
  } finally {
    await file.close();
  }
}
