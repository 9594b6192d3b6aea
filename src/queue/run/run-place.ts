/** What a run and its workers share: where files lie, the model, the adaptor. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { writeAdaptor } from "../../dataset/adapt/adaptor-file.ts";
import type { PhotoWork } from "../../dataset/plan/dataset-plan.ts";
import { commonFolder } from "../../dataset/plan/inside.ts";
import type { KnownHashes } from "../../dataset/run/read-works.ts";
import type { ResolvedRun } from "../../dataset/run/run-options.ts";
import { builtinModel } from "../../engine/model-catalogue.ts";
import type { ModelOnDisk } from "../../engine/model-store.ts";
import { makeFolderOf, writeFileAtomic } from "../../formats/mod.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { folderExchange } from "../exchange/folder-exchange.ts";
import { storeAddress } from "../exchange/store-address.ts";
import { storeExchange } from "../exchange/store-exchange.ts";
import type { JobModel, JobPlace } from "../job.ts";
import { pathsOfWork } from "../job-files.ts";
import { markerOf } from "../work/job-desk.ts";
import { folderSender, type JobSender, sharedPath, storeSender } from "./job-sender.ts";
import type { QueueRunOptions } from "./queue-run-options.ts";

/** An open place. */
export interface RunPlace {
  readonly described: JobPlace;
  readonly exchange: Exchange;
  readonly sender: JobSender;
  readonly model: JobModel;
  /** sha256 of the adaptor's file. */
  readonly adaptor: string | undefined;
  /** Removes what the run has put there. */
  close(): Promise<void>;
}

/** What a place is opened for. */
export interface PlacedRun {
  readonly works: readonly PhotoWork[];
  readonly model: ModelOnDisk;
  /** Name of the run. */
  readonly run: string;
  readonly resolved: ResolvedRun;
  /** The dataset's folder. */
  readonly root: string;
  readonly hashes: KnownHashes;
}

/** What the folder of results is called, beside the journal. */
const ENDING = ".results";

/**
 * Opens the place of a run.
 *
 * @throws {OptionError} when files lie outside of the shared folder, or the store is none
 * @throws {OutputError} when it cannot be written
 */
export async function openRunPlace(options: QueueRunOptions, run: PlacedRun): Promise<RunPlace> {
  const { store } = options;
  return store === undefined ? folderPlace(options.root, run) : storePlace(store, run);
}

/** Where the files of a run lie. */
export interface RunFiles {
  readonly works: readonly PhotoWork[];
  /** The dataset's folder. */
  readonly root: string;
  readonly journal: string;
}

/**
 * The folder that workers share.
 *
 * @throws {OptionError} when a file of the run lies outside of it
 */
export function sharedFolder(given: string | undefined, { works, root, journal }: RunFiles): string {
  const folder = given === undefined ? commonFolder([root, dirname(journal)]) : resolve(given);
  for (const path of [journal, ...works.flatMap(pathsOfWork)]) sharedPath(folder, path);
  return folder;
}

async function folderPlace(given: string | undefined, run: PlacedRun): Promise<RunPlace> {
  const { journal } = run.resolved;
  const folder = `${journal}${ENDING}`;
  const root = sharedFolder(given, { ...run, journal });
  const described = { kind: "folder" as const, results: sharedPath(root, folder) };
  const exchange = folderExchange(folder);
  const marker = join(folder, markerOf(run.run));
  await makeFolderOf(marker);
  await writeFileAtomic(marker, new Uint8Array(), { overwrite: true });
  return {
    ...{ described, exchange, sender: folderSender(root, run.hashes) },
    model: await sendModel(run.model, exchange, () => undefined),
    adaptor: await sendAdaptor(run.resolved, exchange),
    close: () => exchange.clear(),
  };
}

async function storePlace(store: string, run: PlacedRun): Promise<RunPlace> {
  const exchange = storeExchange(storeAddress(store), run.run);
  const kept = new Set<string>();
  const keep = (sha256: string): void => void kept.add(sha256);
  const adaptor = await sendAdaptor(run.resolved, exchange);
  if (adaptor !== undefined) keep(adaptor);
  return {
    described: { kind: "store", results: run.run },
    ...{ exchange, adaptor, sender: storeSender(exchange, keep) },
    model: await sendModel(run.model, exchange, keep),
    close: async () => {
      for (const sha256 of kept) await exchange.remove(sha256);
    },
  };
}

/** Known models are fetched by each worker; others come along. */
async function sendModel(
  model: ModelOnDisk,
  exchange: Exchange,
  keep: (sha256: string) => void,
): Promise<JobModel> {
  const { manifest, sha256, encoderPath, decoderPath, encoderData, decoderData } = model;
  const { name } = manifest;
  if (builtinModel(name) !== undefined) return { name, sha256 };
  const beside = (path: string, names: readonly string[]): string[] =>
    names.map((one) => join(dirname(path), one));
  const paths = [
    encoderPath,
    decoderPath,
    ...beside(encoderPath, encoderData),
    ...beside(decoderPath, decoderData),
  ];
  const files: Record<string, string> = {};
  for (const path of paths) files[basename(path)] = await exchange.put(await readFile(path));
  const { npm: _, ...encoder } = manifest.encoder;
  const { npm: __, ...decoder } = manifest.decoder;
  const moved = {
    ...manifest,
    encoder: { ...encoder, path: basename(encoderPath) },
    decoder: { ...decoder, path: basename(decoderPath) },
  };
  const put = await exchange.put(new TextEncoder().encode(JSON.stringify(moved)));
  for (const sent of [put, ...Object.values(files)]) keep(sent);
  return { name, sha256, manifest: put, files };
}

async function sendAdaptor({ adaptorFile }: ResolvedRun, exchange: Exchange): Promise<string | undefined> {
  if (adaptorFile === undefined) return undefined;
  return exchange.put(writeAdaptor(adaptorFile.weights, adaptorFile));
}
