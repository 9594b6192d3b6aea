/** Taking files out of a zip archive. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ModelError } from "../../core/errors.ts";
import type { ExpectedFile } from "../model-manifest.ts";

/** A file of the archive and where it goes. */
export interface ArchiveMember {
  /** Its place in the archive, or its bare name. */
  readonly member: string;
  readonly path: string;
  readonly expected: ExpectedFile;
}

/**
 * Unpacks files, checks them, and gives them their names.
 *
 * @param onBytes called with the bytes of each piece
 * @returns sha256 of the files, in their order
 * @throws {ModelError} where the archive is damaged, lacks a file, or holds another one
 * @throws the signal's reason when aborted
 */
export async function unpackArchive(
  archive: string,
  members: readonly ArchiveMember[],
  onBytes: (count: number) => void,
  signal?: AbortSignal,
): Promise<string[]> {
  const { openPromise } = await import("yauzl");
  const zip = await openPromise(archive, { autoClose: false }).catch((cause: Error) => {
    throw new ModelError(`${archive} cannot be unpacked (${cause.message}): expected a zip archive`, {
      cause,
    });
  });
  try {
    const hashes = new Map<string, string>();
    for await (const entry of zip.eachEntry()) {
      const member = members.find((one) => isEntry(entry.fileName, one.member));
      if (member === undefined || hashes.has(member.member)) continue;
      const { size } = member.expected;
      if (size !== undefined && size !== entry.uncompressedSize)
        throw new ModelError(
          `${archive} holds ${member.member} of ${entry.uncompressedSize} bytes: expected ${size}`,
        );
      hashes.set(
        member.member,
        await unpack(await zip.openReadStreamPromise(entry), member, archive, onBytes, signal),
      );
    }
    return members.map(({ member }) => {
      const hash = hashes.get(member);
      if (hash === undefined)
        throw new ModelError(`${archive} holds no ${member}: expected it in the archive`);
      return hash;
    });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ModelError) throw cause;
    throw new ModelError(
      `${archive} cannot be unpacked (${(cause as Error).message}): expected a zip archive`,
      {
        cause,
      },
    );
  } finally {
    zip.close();
  }
}

function isEntry(fileName: string, member: string): boolean {
  return fileName === member || fileName.endsWith(`/${member}`);
}

async function unpack(
  from: Readable,
  { member, path, expected }: ArchiveMember,
  archive: string,
  onBytes: (count: number) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const unfinished = `${path}.part`;
  const hash = createHash("sha256");
  const observed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      onBytes(chunk.length);
      yield chunk;
    }
  };
  try {
    await pipeline(
      from,
      observed,
      createWriteStream(unfinished, { flush: true }),
      signal === undefined ? {} : { signal },
    );
    const found = hash.digest("hex");
    if (expected.sha256 !== undefined && found !== expected.sha256)
      throw new ModelError(`${archive} holds ${member} with sha256 ${found}: expected ${expected.sha256}`);
    await rename(unfinished, path);
    return found;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
