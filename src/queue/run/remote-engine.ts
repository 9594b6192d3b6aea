/** Workers of a queue in the place of an engine: a run sends them its photos, and writes what comes back itself. */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { InputError } from "../../core/errors.ts";
import type { PhotoWork } from "../../dataset/plan/dataset-plan.ts";
import { hashOfFile } from "../../dataset/run/content.ts";
import { messageOf, OpenWork, type Step } from "../../dataset/run/open-work.ts";
import { type KnownHashes, knownWork, type ReadingPlace } from "../../dataset/run/read-works.ts";
import type { RemoteEngine } from "../../dataset/run/refine-pieces.ts";
import type { ModelOnDisk } from "../../engine/model-store.ts";
import { unpackBundle } from "../bundle.ts";
import type { PhotoJob, PhotoOutcome } from "../job.ts";
import { pathsOfWork, showPaths } from "../job-files.ts";
import type { OpenQueue } from "../open-queue.ts";
import { STAMP } from "../protocol.ts";
import { earlierWork } from "./earlier-work.ts";
import type { SentWork } from "./job-sender.ts";
import { endOf, PendingJobs, type SettledJob } from "./pending-jobs.ts";
import type { QueueRunOptions } from "./queue-run-options.ts";
import { openRunPlace, type RunPlace } from "./run-place.ts";

/** What the journal calls the workers. */
const DEVICE = "queue";
/** Most jobs of a run in Redis. */
const WINDOW = 128;
/** Times that a photo is sent again because its result was not where it should be. */
const MOST_RESENT = 2;
/** Waits for a file that a network folder does not show yet. */
const PATIENCE_MS = [50, 200, 1000, 3000] as const;

/** Workers of an open queue. */
export function remoteEngine(queue: OpenQueue, model: ModelOnDisk, options: QueueRunOptions): RemoteEngine {
  return {
    model,
    device: DEVICE,
    photos: (works, place) => new RemoteRun(queue, model, options, place).photos(works),
  };
}

interface Sent {
  readonly work: PhotoWork;
  readonly sent: SentWork;
  readonly job: PhotoJob;
  resent: number;
}

class RemoteRun {
  readonly #queue: OpenQueue;
  readonly #model: ModelOnDisk;
  readonly #options: QueueRunOptions;
  readonly #reading: ReadingPlace;
  readonly #hashes: KnownHashes = new Map();
  readonly #sent = new Map<string, Sent>();
  readonly #run: string;
  /** Whether a photo ended without a result. */
  #letters = false;

  constructor(queue: OpenQueue, model: ModelOnDisk, options: QueueRunOptions, reading: ReadingPlace) {
    this.#queue = queue;
    this.#model = model;
    this.#options = options;
    this.#reading = reading;
    const { created, root, out } = reading.state.header;
    this.#run = nameOf([created, root, out]).slice(0, 16);
  }

  async *photos(works: readonly PhotoWork[]): AsyncGenerator<Step> {
    const { priority = "bulk", window = WINDOW, onNote = () => undefined } = this.#options;
    const { signal } = this.#reading;
    const pending = await PendingJobs.open(this.#queue, priority, onNote, signal);
    try {
      const place = await openRunPlace(this.#options, {
        ...{ works, model: this.#model, run: this.#run, hashes: this.#hashes },
        ...{ root: this.#reading.state.header.root, resolved: this.#reading.run },
      });
      const waiting = works.values();
      for (let more = true; more || pending.count > 0 || pending.any; ) {
        while (more && pending.count < window && !pending.any) {
          signal?.throwIfAborted();
          const { value: work, done } = waiting.next();
          if (done === true) more = false;
          else yield* this.#begin(work, place, pending);
        }
        if (pending.count > 0 || pending.any) yield* this.#end(await pending.next(signal), place, pending);
      }
      // A dead letter may be tried again when the run is over: what that needs stays until it is resumed.
      if (!this.#letters) await place.close();
    } finally {
      await pending.close();
    }
  }

  /** Sends a photo, unless it is done. */
  async *#begin(work: PhotoWork, place: RunPlace, pending: PendingJobs): AsyncGenerator<Step> {
    const known = await knownWork(work, this.#reading, this.#hashes);
    if (known !== undefined) {
      yield { kind: "known", work, known };
      return;
    }
    const { destination } = this.#reading;
    const id = `${this.#run}-${this.#reading.session}-${nameOf([work.key]).slice(0, 24)}`;
    for (const target of work.targets) {
      await destination.revert(target.relative);
      for (const { relative } of target.kind === "labels" ? target.siblings : [])
        await destination.revert(relative);
    }
    const sent = await place.sender.send(work);
    const job = await this.#jobOf(work, sent, place);
    this.#sent.set(id, { work, sent, job, resent: 0 });
    if (!(await this.#takeLeft(id, work, place, pending))) await pending.send(id, job);
    else yield* this.#finishLeft(id, place, pending);
  }

  /** Whether an earlier session's job has made what this one wants; one that failed, or of other content, goes. */
  async #takeLeft(id: string, work: PhotoWork, place: RunPlace, pending: PendingJobs): Promise<boolean> {
    const left = await pending.left(id);
    if (left === undefined) return false;
    const end = endOf(id, left);
    if (left.finishedOn && "outcome" in end) {
      const open = await this.#unpack(end.outcome, work, place, 0).catch(() => undefined);
      if (open !== undefined && (await isOfToday(open, work))) return true;
    }
    await pending.remove(id);
    return false;
  }

  async *#finishLeft(id: string, place: RunPlace, pending: PendingJobs): AsyncGenerator<Step> {
    const left = await pending.left(id);
    if (left !== undefined) yield* this.#end(endOf(id, left), place, pending);
  }

  async *#end(settled: SettledJob, place: RunPlace, pending: PendingJobs): AsyncGenerator<Step> {
    const { id } = settled;
    const known = this.#sent.get(id);
    if (known === undefined) return;
    const { work, sent, job } = known;
    let open: OpenWork;
    if ("failure" in settled) {
      this.#letters = true;
      open = failedWork(work, settled.failure);
    } else {
      try {
        open = await this.#unpack(settled.outcome, work, place, PATIENCE_MS.length);
      } catch (error) {
        this.#reading.signal?.throwIfAborted();
        if (known.resent++ < MOST_RESENT) {
          await pending.remove(id);
          await pending.send(id, job);
          return;
        }
        open = failedWork(work, messageOf(error));
      }
    }
    this.#sent.delete(id);
    open.recorded = async () => {
      // A dead letter stays where "queue status" shows it.
      if ("failure" in settled) return;
      await place.exchange.remove(settled.outcome.bundle).catch(() => undefined);
      await pending.remove(id).catch(() => undefined);
      await place.sender.release(sent).catch(() => undefined);
    };
    yield { kind: "finish", open };
  }

  async #unpack(
    { bundle, timings }: PhotoOutcome,
    work: PhotoWork,
    { exchange }: RunPlace,
    attempts: number,
  ): Promise<OpenWork> {
    if (!/^[0-9a-f]{64}$/.test(bundle))
      throw new InputError(`The result of ${work.key} has no name that is a sha256`);
    for (let attempt = 0; ; attempt++) {
      try {
        const open = unpackBundle(await exchange.get(bundle), work, showPaths(work));
        Object.assign(open.spent, timings);
        return open;
      } catch (error) {
        if (attempt >= attempts) throw error;
        await delay(PATIENCE_MS[attempt], undefined, { signal: this.#reading.signal });
      }
    }
  }

  async #jobOf(work: PhotoWork, sent: SentWork, place: RunPlace): Promise<PhotoJob> {
    const { run, session, state, pixelLimit } = this.#reading;
    const { settings, mode, reading } = run;
    const earlier = await earlierWork(work, state);
    return {
      ...{ stamp: STAMP, run: this.#run, session, place: place.described, model: place.model },
      ...(place.adaptor === undefined ? {} : { adaptor: place.adaptor }),
      ...{ method: { settings, mode, reading }, pixelLimit },
      ...sent,
      ...(earlier === undefined ? {} : { earlier }),
    };
  }
}

function failedWork(work: PhotoWork, reason: string): OpenWork {
  const open = new OpenWork(work);
  open.failures.push({ path: work.key, message: `${work.photo} was not refined: ${reason}` });
  return open;
}

/** Whether a result that an earlier session left was made of the files as they are. */
async function isOfToday(open: OpenWork, work: PhotoWork): Promise<boolean> {
  const stamps = [open.stamp, ...open.targets.flatMap((target) => [target, ...(target.siblings ?? [])])];
  const paths = pathsOfWork(work);
  if (stamps.length !== paths.length) return false;
  for (const [i, path] of paths.entries())
    if ((await hashOfFile(path).catch(() => undefined)) !== stamps[i]?.sha256) return false;
  return true;
}

function nameOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
