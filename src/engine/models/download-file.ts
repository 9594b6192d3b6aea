/** Fetching one file: resumed after interruptions, checked before it has its name. */
import { rename } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { ModelError } from "../../core/errors.ts";
import { hashFile } from "../check-file.ts";
import type { ExpectedFile } from "../model-manifest.ts";
import { type Answer, openDownload } from "./http-client.ts";
import { type Origin, PartialFile } from "./partial-file.ts";

/** What a file is fetched with. */
export interface DownloadOptions {
  readonly client: Dispatcher;
  /** Called with the bytes that are here and, where known, those of the whole file. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds before the second try; each later one waits twice as long. @default 1000 */
  readonly pauseMs?: number | undefined;
}

/** A file as it came. */
export interface DownloadedFile {
  readonly size: number;
  readonly sha256: string;
  /** Whether the sha256 was known before: from the manifest, or at least from the host. */
  readonly checked: "manifest" | "host" | "no";
}

/** Tries in a row that bring nothing new. */
const TRIES = 5;

/**
 * Fetches a file.
 *
 * @param path where it is put once it is complete and checked; until then `<path>.part` holds what came, for the next try
 * @throws {ModelError} in one sentence, where it cannot be fetched or is another file
 * @throws the signal's reason when aborted
 */
export async function downloadFile(
  file: ExpectedFile & { readonly url: string },
  path: string,
  options: DownloadOptions,
): Promise<DownloadedFile> {
  const download = new Download(file, new PartialFile(path), options);
  const found = await download.run();
  await rename(download.part.path, path);
  await download.part.settle();
  return found;
}

/** A failure after which another try makes sense. */
class Interrupted extends Error {}

class Download {
  readonly part: PartialFile;
  readonly #file: ExpectedFile & { readonly url: string };
  readonly #options: DownloadOptions;
  #declaredSha256: string | undefined;
  /** Whether bytes of several answers were put together. */
  #joined = false;

  constructor(file: ExpectedFile & { readonly url: string }, part: PartialFile, options: DownloadOptions) {
    this.#file = file;
    this.part = part;
    this.#options = options;
  }

  async run(): Promise<DownloadedFile> {
    await this.#transferAll();
    const found = await this.#check();
    if (found !== undefined) return found;
    // What was put together of two versions is no version: once more, from the start.
    await this.part.discard();
    await this.#transferAll();
    const again = await this.#check();
    if (again !== undefined) return again;
    throw new ModelError(`${this.#file.url} changes while it is fetched: expected one version of the file`);
  }

  /** Tries until everything is here, or tries bring nothing new. */
  async #transferAll(): Promise<void> {
    const { signal, pauseMs = 1000 } = this.#options;
    let most = await this.part.size();
    for (let failures = 0; ; ) {
      signal?.throwIfAborted();
      try {
        return await this.#transfer();
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof ModelError) throw error;
        if (!isPassing(error)) throw this.#failed(error);
        const here = await this.part.size();
        failures = here > most ? 1 : failures + 1;
        most = Math.max(most, here);
        if (failures >= TRIES) throw this.#failed(error);
        await pause(pauseMs * 2 ** (failures - 1), undefined, signal === undefined ? {} : { signal }).catch(
          () => signal?.throwIfAborted(),
        );
      }
    }
  }

  /** Bytes of an earlier answer that can be gone on from; others are thrown away. */
  async #resumable(): Promise<number> {
    const [size, origin] = [await this.part.size(), await this.part.origin()];
    const sameFile =
      origin?.url === this.#file.url && (origin.version !== undefined || this.#file.sha256 !== undefined);
    const fits = size <= (this.#file.size ?? origin?.size ?? Number.POSITIVE_INFINITY);
    if (size > 0 && sameFile && fits) return size;
    await this.part.discard();
    return 0;
  }

  /** One request: the rest of the file, or all of it where the server gives no parts or has another version. */
  async #transfer(): Promise<void> {
    const have = await this.#resumable();
    const origin = have > 0 ? await this.part.origin() : undefined;
    if (have > 0 && have === (this.#file.size ?? origin?.size)) {
      this.#joined = true;
      return;
    }
    const answer = await this.#ask(have, origin);
    const continues = answer.status === 206 && continuesAt(answer, have, origin);
    if (answer.status === 206 && !continues) {
      await answer.body.dump();
      await this.part.discard();
      throw new Interrupted("the server sent another part than the one asked for");
    }
    const start = continues ? have : 0;
    const total = totalOf(answer, start);
    this.#refuseOtherSize(total, answer);
    if (continues) this.#joined = true;
    else await this.part.begin({ url: this.#file.url, version: versionOf(answer), size: total });
    await this.#receive(answer, start, total);
  }

  async #ask(have: number, origin: Origin | undefined): Promise<Answer> {
    const { client, signal } = this.#options;
    const headers: Record<string, string> = {};
    if (have > 0) headers["range"] = `bytes=${have}-`;
    if (have > 0 && origin?.version !== undefined) headers["if-range"] = origin.version;
    const answer = await openDownload(this.#file.url, headers, client, signal);
    this.#declaredSha256 = answer.declaredSha256 ?? this.#declaredSha256;
    const { status, body } = answer;
    if (status === 200 || (status === 206 && have > 0)) return answer;
    await body.dump();
    if (status === 416) await this.part.discard();
    if (status === 416 || status === 408 || status === 429 || status >= 500)
      throw new Interrupted(`the server answered ${status}`);
    throw new ModelError(
      `${this.#file.url} cannot be fetched: the server answered ${status}, expected the file`,
    );
  }

  #refuseOtherSize(total: number | undefined, { body }: Answer): void {
    const { size, url } = this.#file;
    if (size === undefined || total === undefined || size === total) return;
    // What is not wanted any more may end as it likes.
    body.on("error", () => undefined).destroy();
    throw new ModelError(
      `${url} has ${total} bytes: expected ${size} (the file at its source is another version)`,
    );
  }

  async #receive({ body }: Answer, start: number, total: number | undefined): Promise<void> {
    const { onProgress, signal } = this.#options;
    const limit = total ?? this.#file.size;
    let done = start;
    onProgress?.(done, limit);
    await this.part.append(body, (count) => {
      done += count;
      if (limit !== undefined && done > limit)
        throw new Interrupted("the server sent more than it announced");
      onProgress?.(done, limit);
    });
    signal?.throwIfAborted();
    const here = await this.part.size();
    if (limit !== undefined && here < limit)
      throw new Interrupted(`the transfer ended after ${here} of ${limit} bytes`);
  }

  /** Compares with what is known; `undefined` where a file put together of several answers is wrong. */
  async #check(): Promise<DownloadedFile | undefined> {
    const { sha256, url } = this.#file;
    const found = await hashFile(this.part.path, this.#options.signal);
    const expected = sha256 ?? this.#declaredSha256;
    if (expected !== undefined && found !== expected) {
      if (this.#joined) {
        this.#joined = false;
        return undefined;
      }
      await this.part.discard();
      throw new ModelError(
        `${url} has sha256 ${found}: expected ${expected} (the file at its source is damaged or another version)`,
      );
    }
    const size = await this.part.size();
    return {
      size,
      sha256: found,
      checked: sha256 !== undefined ? "manifest" : expected === undefined ? "no" : "host",
    };
  }

  #failed(cause: unknown): ModelError {
    return new ModelError(
      `${this.#file.url} cannot be fetched (${reasonOf(cause)}): expected the whole file; what came is kept, and the next try goes on from there`,
      { cause },
    );
  }
}

/** Whether an answer with a part is the part that was asked for, of the version that is here. */
function continuesAt({ headers }: Answer, have: number, origin: Origin | undefined): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
  const total = Number(range?.[2]);
  const version = versionOf({ headers });
  return (
    Number(range?.[1]) === have &&
    (Number.isNaN(total) || origin?.size === undefined || total === origin.size) &&
    (version === undefined || origin?.version === undefined || version === origin.version)
  );
}

/** A strong name of the version, as `If-Range` wants it. */
function versionOf({ headers }: Pick<Answer, "headers">): string | undefined {
  const etag = headers["etag"];
  return etag !== undefined && !etag.startsWith("W/") ? etag : headers["last-modified"];
}

function totalOf({ status, headers }: Answer, start: number): number | undefined {
  const whole = /\/(\d+)$/.exec(headers["content-range"] ?? "")?.[1];
  if (status === 206 && whole !== undefined) return Number(whole);
  const length = headers["content-length"];
  return length === undefined ? undefined : start + Number(length);
}

/** Failures that are no fault of the request: another try may go through. */
function isPassing(error: unknown): boolean {
  if (error instanceof Interrupted) return true;
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && PASSING.has(code);
}

const PASSING = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ERR_STREAM_PREMATURE_CLOSE",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

const WORDS: Readonly<Record<string, string>> = {
  UND_ERR_BODY_TIMEOUT: "the transfer stalled",
  UND_ERR_HEADERS_TIMEOUT: "the server does not answer",
  UND_ERR_CONNECT_TIMEOUT: "the server cannot be reached in time",
  UND_ERR_SOCKET: "the connection broke",
  ENOSPC: "the disk is full",
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return WORDS[code ?? ""] ?? message;
}
