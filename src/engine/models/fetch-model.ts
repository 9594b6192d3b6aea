/** Fetching a known model. */
import { rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Dispatcher } from "undici";
import { ModelError } from "../../core/errors.ts";
import { hashFile, noteHash } from "../check-file.ts";
import { installedManifest } from "../installed-models.ts";
import { builtinModel, builtinModels, isEmbedded } from "../model-catalogue.ts";
import { MANIFEST } from "../model-folder.ts";
import type { ExpectedFile, ModelFile, ModelManifest, WeightsFile } from "../model-manifest.ts";
import { findModel, whyNotHere } from "../model-store.ts";
import { type DownloadedFile, downloadFile } from "./download-file.ts";
import { createClient } from "./http-client.ts";
import { inspectModel } from "./inspect-model.ts";
import { withLockedFolder } from "./lock-folder.ts";
import { type ArchiveMember, unpackArchive } from "./unpack-archive.ts";
import { writeManifest } from "./write-manifest.ts";

/** How far a fetch is. */
export interface FetchProgress {
  /** What is being done. */
  readonly stage: "download" | "unpack" | "inspect";
  /** Name of the file, without its folder. */
  readonly file: string;
  /** Bytes of this file so far. */
  readonly done: number;
  /** Bytes of the whole file, where known. */
  readonly total?: number;
}

/** What a model is fetched with. */
export interface FetchSettings {
  /** The user's folder of models. */
  readonly folder: string;
  /** Where passed checks are noted. */
  readonly cacheDir: string;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly client?: Dispatcher;
  readonly pauseMs?: number;
}

/** A file that came without a sha256 known before. */
export interface PinnedFile {
  /** Its name, without its folder. */
  readonly file: string;
  /** Noted now: from here on, only this content is taken. */
  readonly sha256: string;
  /** Whether at least the host that sent it named the same sha256. */
  readonly confirmedByHost: boolean;
}

/** A fetched model. */
export interface FetchedModel {
  /** Name of the model. */
  readonly name: string;
  /** Whether there was anything to fetch. */
  readonly fetched: boolean;
  /** Files whose sha256 nobody had written down before. */
  readonly pinned: readonly PinnedFile[];
}

/**
 * Fetches a model into the user's folder. Its files are complete and checked, and the model fits together, before it
 * counts as there; an interrupted fetch goes on where it ended.
 *
 * @throws {ModelError} where the name is unknown, a file cannot be fetched or is another one, or the model cannot refine
 * @throws the signal's reason when aborted
 */
export async function fetchModelFiles(
  name: string,
  settings: FetchSettings,
  manifest: ModelManifest | undefined = builtinModel(name),
): Promise<FetchedModel> {
  if (manifest === undefined) throw new ModelError(await whyUnknown(name, settings.folder));
  if (manifest.unusable !== undefined) throw new ModelError(whyNotHere(manifest));
  const folder = join(settings.folder, name);
  if (isEmbedded(manifest) || (await isComplete(name, settings))) return { name, fetched: false, pinned: [] };
  return withLockedFolder(folder, `fetch "${name}"`, () => new Fetch(manifest, folder, settings).run());
}

async function whyUnknown(name: string, folder: string): Promise<string> {
  const added = await installedManifest(folder, name).catch(() => undefined);
  if (added !== undefined) return `Model "${name}" was added from own files: there is nothing to fetch`;
  const names = builtinModels.map((model) => model.name).join(", ");
  return `Unknown model "${name}": expected one of ${names}`;
}

async function isComplete(name: string, { folder, cacheDir }: FetchSettings): Promise<boolean> {
  return findModel(join(folder, name, MANIFEST), cacheDir, folder).then(
    () => true,
    () => false,
  );
}

/** A file to get and where it goes. */
interface Item {
  readonly path: string;
  readonly expected: ExpectedFile;
}

class Fetch {
  readonly #manifest: ModelManifest;
  readonly #folder: string;
  readonly #settings: FetchSettings;
  readonly #client: Dispatcher;
  readonly #hashes = new Map<string, string>();
  #earlier: ModelManifest | undefined;
  readonly #pinned: PinnedFile[] = [];

  constructor(manifest: ModelManifest, folder: string, settings: FetchSettings) {
    this.#manifest = manifest;
    this.#folder = folder;
    this.#settings = settings;
    this.#client = settings.client ?? createClient();
  }

  async run(): Promise<FetchedModel> {
    const { name, encoder, decoder } = this.#manifest;
    // What an earlier fetch noted of files that nobody had written down still holds.
    this.#earlier = await installedManifest(this.#settings.folder, name).catch(() => undefined);
    const missing: Item[] = [];
    for (const item of [...this.#itemsOf(encoder, "encoder"), ...this.#itemsOf(decoder, "decoder")])
      if (!(await this.#isHere(item))) missing.push(item);
    if (this.#manifest.archive === undefined) for (const item of missing) await this.#download(item);
    else if (missing.length > 0) await this.#unpack(missing, this.#manifest.archive);
    await this.#install();
    return { name, fetched: true, pinned: this.#pinned };
  }

  #itemsOf(file: ModelFile, part: "encoder" | "decoder"): Item[] {
    const earlier = this.#earlier?.[part];
    const item = (name: string, own: ExpectedFile, noted: ExpectedFile | undefined): Item => {
      const { size = noted?.size, sha256 = noted?.sha256 } = own;
      const pins = { ...(size === undefined ? {} : { size }), ...(sha256 === undefined ? {} : { sha256 }) };
      return { path: join(this.#folder, name), expected: { ...own, ...pins } };
    };
    const data = (file.data ?? []).map((one) =>
      item(
        one.name,
        one,
        earlier?.data?.find(({ name }) => name === one.name),
      ),
    );
    return [item(fileName(file), file, earlier), ...data];
  }

  /** A file of an earlier, interrupted fetch; one that is wrong goes. */
  async #isHere({ path, expected }: Item): Promise<boolean> {
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined) return false;
    const hash = await hashFile(path, this.#settings.signal);
    const fits =
      (expected.size === undefined || expected.size === size) &&
      (expected.sha256 === undefined || expected.sha256 === hash);
    if (fits) this.#hashes.set(path, hash);
    else await rm(path, { force: true });
    return fits;
  }

  async #download({ path, expected }: Item): Promise<DownloadedFile> {
    const { url } = expected;
    if (url === undefined)
      throw new ModelError(
        `Model "${this.#manifest.name}" names no source of ${basename(path)}: expected a "url"`,
      );
    const { signal, pauseMs } = this.#settings;
    const found = await downloadFile({ ...expected, url }, path, {
      client: this.#client,
      signal,
      pauseMs,
      onProgress: (done, total) => this.#report("download", path, done, total),
    });
    this.#hashes.set(path, found.sha256);
    if (found.checked !== "manifest")
      this.#pinned.push({
        file: basename(path),
        sha256: found.sha256,
        confirmedByHost: found.checked === "host",
      });
    return found;
  }

  async #unpack(missing: readonly Item[], archive: ExpectedFile & { url: string }): Promise<void> {
    const path = join(this.#folder, basename(new URL(archive.url).pathname));
    if (!(await this.#isHere({ path, expected: archive }))) await this.#download({ path, expected: archive });
    const members = missing.map(
      (item): ArchiveMember => ({ ...item, member: item.expected.member ?? basename(item.path) }),
    );
    const total = members.reduce((sum, { expected }) => sum + (expected.size ?? 0), 0);
    let done = 0;
    const onBytes = (count: number): void => {
      done += count;
      this.#report("unpack", path, done, total === 0 ? undefined : total);
    };
    const hashes = await unpackArchive(path, members, onBytes, this.#settings.signal).catch(
      async (cause: unknown) => {
        // What is wrong now would be wrong again; a cancelled fetch goes on with it.
        if (cause instanceof ModelError) await rm(path, { force: true });
        throw cause;
      },
    );
    for (const [i, member] of members.entries()) this.#hashes.set(member.path, hashes[i]!);
    await rm(path, { force: true });
    this.#hashes.delete(path);
  }

  /** Makes a model of the files; what turns out to be none is not kept. */
  async #install(): Promise<void> {
    const { encoder, decoder } = this.#manifest;
    const [encoderPath, decoderPath] = [encoder, decoder].map((file) => join(this.#folder, fileName(file)));
    this.#settings.signal?.throwIfAborted();
    this.#report("inspect", encoderPath!, 0, undefined);
    const found = await inspectModel(encoderPath!, decoderPath!, contractOf(this.#manifest)).catch(
      async (cause: Error) => {
        await rm(this.#folder, { recursive: true, force: true });
        throw new ModelError(
          `Model "${this.#manifest.name}" was fetched and cannot be used: ${cause.message}`,
          {
            cause,
          },
        );
      },
    );
    for (const [path, hash] of this.#hashes) await noteHash(path, hash, this.#settings.cacheDir);
    await writeManifest(this.#folder, {
      ...this.#manifest,
      encoder: { ...(await this.#installed(encoder, found.encoderData)), ...found.encoder },
      decoder: await this.#installed(decoder, found.decoderData),
    });
  }

  async #installed(file: ModelFile, data: readonly string[]): Promise<ModelFile> {
    const name = fileName(file);
    const placed = async (one: string): Promise<ExpectedFile> => {
      const path = join(this.#folder, one);
      return { size: (await stat(path)).size, sha256: this.#hashes.get(path) ?? (await hashFile(path)) };
    };
    const weights: WeightsFile[] = [];
    for (const one of data) weights.push({ name: one, ...(await placed(one)) });
    const { url, member } = file;
    return {
      path: name,
      ...(url === undefined ? {} : { url }),
      ...(member === undefined ? {} : { member }),
      ...(await placed(name)),
      data: weights,
    };
  }

  #report(stage: FetchProgress["stage"], path: string, done: number, total: number | undefined): void {
    const file = basename(path);
    this.#settings.onProgress?.({ stage, file, done, ...(total === undefined ? {} : { total }) });
  }
}

/** The file's name in the model's folder. */
function fileName({ url, member, path }: ModelFile): string {
  return basename(path ?? member ?? new URL(url ?? "").pathname);
}

/** What the manifest says of the encoder besides its file. */
function contractOf({ encoder }: ModelManifest): Partial<ModelManifest["encoder"]> {
  const { npm, path, url, member, size, sha256, data, ...contract } = encoder;
  return contract;
}
