import { open } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";
import { type FileKind, peekFile, peekLength } from "../../formats/mod.ts";

/** First bytes of files, each read once. */
export class FileHeads {
  readonly #kinds = new Map<string, Promise<FileKind>>();

  /** What a file's first bytes say; `other` when it cannot be read, which its reader will explain. */
  kind(path: string): Promise<FileKind> {
    const known = this.#kinds.get(path);
    if (known !== undefined) return known;
    const kind = readHead(path).then(peekFile, () => "other" as const);
    this.#kinds.set(path, kind);
    return kind;
  }

  /**
   * Checks that a file's content is there.
   *
   * @throws {InputError} for a Git LFS pointer or an empty file
   */
  async assertFetched(path: string, expected: string, show: (path: string) => string): Promise<void> {
    const kind = await this.kind(path);
    if (kind !== "lfs-pointer" && kind !== "empty") return;
    const found =
      kind === "empty"
        ? "an empty file"
        : "a Git LFS pointer (its content is not fetched: run `git lfs pull`)";
    throw new InputError(`${show(path)}: found ${found}, expected ${expected}`);
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(peekLength), 0, peekLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
