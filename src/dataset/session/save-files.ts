/** Writing the files of a session: all of it is worked out and checked before the first file is touched. */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { InputError, OutputError } from "../../core/errors.ts";
import { makeFolderOf, writeFileAtomic } from "../../formats/mod.ts";
import { hashOf, hashOfFile } from "../run/content.ts";
import { historyPath, noteReplacement } from "./history.ts";
import type { SavedFile, SaveTarget } from "./refinement-session.ts";

/** A file as it is to be. */
export interface NewContent {
  /** Absolute path of the source. */
  readonly source: string;
  /** sha256 that the source had when it was opened. */
  readonly opened: string;
  readonly bytes: Uint8Array;
  readonly notes: readonly string[];
  /** The source is a JPEG and these bytes are a PNG. */
  readonly otherKind?: boolean;
  /** The source that this file has to agree with. */
  readonly follows?: string;
}

/** A write that has been checked. */
interface Write {
  readonly content: NewContent;
  readonly path: string;
  readonly sha256: string;
  /** What lies there now. */
  readonly found: string | undefined;
}

/**
 * Writes files.
 *
 * @param written what the session itself has written, sha256 by path: that may be replaced; files are added
 * @throws {InputError} when a source was changed or deleted since it was opened
 * @throws {OutputError} when a result exists or cannot be written
 */
export async function saveFiles(
  contents: readonly NewContent[],
  target: SaveTarget,
  overwrite: boolean,
  written: Map<string, string>,
): Promise<SavedFile[]> {
  const writes: Write[] = [];
  for (const content of contents) {
    await assertUnchanged(content, written);
    writes.push(await checked(content, target, overwrite, written));
  }
  for (const write of writes) await carryOut(write, target, written);
  return writes.map(({ content: { source, opened, notes }, path, sha256 }) => ({
    ...{ source, path, unchanged: sha256 === opened, notes },
  }));
}

async function assertUnchanged({ source, opened }: NewContent, written: Map<string, string>): Promise<void> {
  const found = await hashOfFile(source);
  if (found === opened || (found !== undefined && found === written.get(source))) return;
  const what = found === undefined ? "deleted" : "changed";
  throw new InputError(
    `${source} was ${what} since it was opened: expected it as it was then; open it again`,
  );
}

async function checked(
  content: NewContent,
  target: SaveTarget,
  overwrite: boolean,
  written: Map<string, string>,
): Promise<Write> {
  const { source, bytes, otherKind = false } = content;
  const path = placeOf(source, target, otherKind);
  const sha256 = hashOf(bytes);
  if (target.kind === "in-place" && otherKind)
    throw new OutputError(
      `${source} is a JPEG, which would blur a mask's values: expected a copy, not in place`,
    );
  const found = await foundAt(path);
  const free = found === undefined || found === sha256 || found === written.get(path);
  if (target.kind !== "in-place") {
    if (await sameFile(path, source))
      throw new OutputError(`${path} cannot be written: it is the source itself`);
    if (!free && !overwrite)
      throw new OutputError(`${path} cannot be written: it exists with other content and overwriting is off`);
  }
  return { content, path, sha256, found };
}

/** `undefined` where nothing lies; a folder is refused by the write. */
async function foundAt(path: string): Promise<string | undefined> {
  try {
    return await hashOfFile(path);
  } catch (cause) {
    throw new OutputError(`${path} cannot be replaced: ${(cause as Error).message}`, { cause });
  }
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}

/** Path of a result. */
function placeOf(source: string, target: SaveTarget, asPNG: boolean): string {
  if (target.kind === "in-place") return source;
  const extension = extname(source);
  const stem = basename(source, extension);
  const ending = asPNG ? ".png" : extension;
  if (target.kind === "beside") return join(dirname(source), `${stem}.refined${ending}`);
  const [root, folder] = [resolve(target.root), resolve(target.folder)];
  if (!source.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new OutputError(`${source} cannot be mirrored: it lies outside of ${root}`);
  return join(folder, dirname(relative(root, source)), `${stem}${ending}`);
}

async function carryOut(
  { content, path, sha256, found }: Write,
  target: SaveTarget,
  written: Map<string, string>,
): Promise<void> {
  if (found !== sha256) {
    if (target.kind === "in-place") await keepOriginal(content, sha256, found, target.history);
    else await makeFolderOf(path);
    await writeFileAtomic(path, content.bytes, { overwrite: true });
  }
  written.set(path, sha256);
}

async function keepOriginal(
  { source, follows }: NewContent,
  sha256: string,
  found: string | undefined,
  history: string,
): Promise<void> {
  const bytes = await readFile(source).catch(() => undefined);
  if (bytes === undefined || hashOf(bytes) !== found)
    throw new OutputError(`${source} cannot be replaced: it was changed while it was saved`);
  await noteReplacement(history, bytes, {
    path: await historyPath(source),
    written: sha256,
    ...(follows === undefined ? {} : { follows: await historyPath(follows) }),
  });
}
