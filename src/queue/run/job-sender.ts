/** Making jobs of photos: where their files lie, and what workers need besides. */
import { readFile } from "node:fs/promises";
import { basename, isAbsolute, relative, sep } from "node:path";
import { OptionError } from "../../core/errors.ts";
import type { LabelTarget, PhotoWork, Target } from "../../dataset/plan/dataset-plan.ts";
import { hashOfFile } from "../../dataset/run/content.ts";
import type { KnownHashes } from "../../dataset/run/read-works.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { JobFile, JobTarget, PhotoJob } from "../job.ts";

/** What a job says of its photo. */
export type SentWork = Pick<PhotoJob, "key" | "photo" | "targets">;

/** Makes a photo's files reachable for workers. */
export interface JobSender {
  send(work: PhotoWork): Promise<SentWork>;
  /** The photo is done: what only it needed can go. */
  release(sent: SentWork): Promise<void>;
}

/** Places a file that may be needed by one photo, or by several. */
type Placing = (path: string, shared: boolean) => Promise<JobFile>;

async function sendWork({ key, photo, targets }: PhotoWork, place: Placing): Promise<SentWork> {
  const sent: JobTarget[] = [];
  for (const target of targets) sent.push(await sendTarget(target, place));
  return { key, photo: await place(photo, false), targets: sent };
}

async function sendTarget(target: Target, place: Placing): Promise<JobTarget> {
  const { path, relative: name } = target;
  if (target.kind === "annotations") {
    const { kind, photoId, format } = target;
    return { kind, relative: name, photoId, format, file: await place(path, true) };
  }
  const { kind, mode, reading } = target;
  return {
    ...{ kind, relative: name, siblings: await sendSiblings(target, place), file: await place(path, false) },
    ...(mode === undefined ? {} : { mode }),
    ...(reading === undefined ? {} : { reading }),
  };
}

async function sendSiblings(
  { siblings }: LabelTarget,
  place: Placing,
): Promise<(JobTarget & { kind: "labels" })["siblings"]> {
  const sent: (JobTarget & { kind: "labels" })["siblings"][number][] = [];
  for (const sibling of siblings) {
    const { relative: name, rule, path } = sibling;
    sent.push({ relative: name, rule, file: await place(path, false) });
  }
  return sent;
}

/** Files stay where they are, below the folder that all machines share. */
export function folderSender(root: string, hashes: KnownHashes): JobSender {
  const place: Placing = async (path, shared) => {
    const file = { name: basename(path), at: sharedPath(root, path) };
    if (!shared) return file;
    const hash = hashes.get(path) ?? hashOfFile(path).catch(() => undefined);
    hashes.set(path, hash);
    const sha256 = await hash;
    return sha256 === undefined ? file : { ...file, sha256 };
  };
  return { send: (work) => sendWork(work, place), release: async () => undefined };
}

/**
 * A path below the shared folder, `/` between folders.
 *
 * @throws {OptionError} when it lies elsewhere
 */
export function sharedPath(root: string, path: string): string {
  const below = relative(root, path);
  if (below === "" || below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below))
    throw new OptionError(
      `${path} lies outside of the folder that workers share, ${root}: expected a shared folder above it`,
    );
  return below.split(sep).join("/");
}

/**
 * Files are copied to a store, those of several photos once.
 *
 * @param kept told of files that stay until the run ends
 */
export function storeSender(exchange: Exchange, kept: (sha256: string) => void): JobSender {
  const shared = new Map<string, string>();
  /** Photos under way that need a content: files of other names may have the same. */
  const needed = new Map<string, number>();
  const alone = oneAtATime();
  const place: Placing = async (path, several) => {
    const name = basename(path);
    const known = shared.get(path);
    if (known !== undefined) return { name, at: known };
    const bytes = await readFile(path).catch(() => undefined);
    // A worker tells what is wrong with it, as any run does.
    if (bytes === undefined) return { name, at: "" };
    const at = await alone(async () => {
      const sha256 = await exchange.put(bytes);
      needed.set(sha256, (needed.get(sha256) ?? 0) + 1);
      return sha256;
    });
    if (several) {
      shared.set(path, at);
      kept(at);
    }
    return { name, at };
  };
  const release = async ({ photo, targets }: SentWork): Promise<void> => {
    const masks = targets.filter((target) => target.kind === "labels");
    const files = [
      photo,
      ...masks.flatMap(({ file, siblings }) => [file, ...siblings.map((one) => one.file)]),
    ];
    for (const { at } of files) {
      if (at === "") continue;
      const others = (needed.get(at) ?? 1) - 1;
      needed.set(at, others);
      if (others > 0) continue;
      needed.delete(at);
      // Asked again in its turn: another photo may have come that needs it.
      await alone(async () => void (needed.has(at) || (await exchange.remove(at))));
    }
  };
  return { send: (work) => sendWork(work, place), release };
}

/** Work that must not overlap: what is removed may not be found to be there meanwhile. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
