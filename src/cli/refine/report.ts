/** What was done, for people as it happens and for programs at the end. */
import { type RefineResult, SamRefinerError, type Timings } from "../../sdk/mod.ts";
import { Stopped } from "../stop.ts";
import type { Terminal } from "../terminal.ts";
import { counted, duration } from "../units.ts";
import { describeMask } from "./describe.ts";
import { type MaskJSON, maskJSON } from "./mask-json.ts";
import type { Job, Refusal } from "./plan-jobs.ts";

/** The files written for a mask. */
export interface Written {
  readonly output: string;
  readonly explain?: string;
  readonly compare?: string;
}

/** One photo as `--json` prints it. */
interface PhotoJSON {
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly timings: Timings;
}

/** An error as `--json` prints it. */
interface ErrorJSON {
  /** Masks that were not refined because of it; empty where it ended the work. */
  readonly masks: readonly string[];
  /** An {@link ErrorCode}, `stopped` or `unexpected`. */
  readonly code: string;
  readonly message: string;
}

function codeOf(error: unknown): string {
  if (error instanceof SamRefinerError) return error.code;
  return error instanceof Stopped ? "stopped" : "unexpected";
}

/** Collects and tells the outcome of `refine`. */
export class RefineReport {
  readonly #terminal: Terminal;
  readonly #masks: MaskJSON[] = [];
  readonly #photos: PhotoJSON[] = [];
  readonly #errors: ErrorJSON[] = [];
  #device: string | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get refusedAny(): boolean {
    return this.#errors.length > 0;
  }

  /** Masks that are not done. */
  refuse({ masks, error }: Refusal): void {
    this.#terminal.error(error.message);
    this.#errors.push({ masks, code: error.code, message: error.message });
  }

  /** A photo is done. */
  ran(image: string, { width, height, timings, device }: RefineResult): void {
    this.#photos.push({ image, width, height, timings });
    this.#device = device;
  }

  /** A mask is written. */
  refined(job: Job, written: Written, result: RefineResult, index: number): void {
    const mask = result.masks[index]!;
    const regions = result.regions.filter(({ maskIndex }) => maskIndex === index);
    for (const note of mask.notes) this.#terminal.note(note);
    // Masks of one photo are refined together: only a lone one has a time of its own.
    const time = result.masks.length === 1 ? [duration(result.timings.total)] : [];
    const files = Object.values(written).join(", ");
    this.#terminal.line(`${job.mask}: ${[describeMask(mask, regions), ...time].join(", ")} → ${files}`);
    this.#masks.push(maskJSON(job, written, mask, regions));
  }

  /** What ended the work early. */
  fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#errors.push({ masks: [], code: codeOf(error), message });
  }

  /** `3 masks of 1 photo in 2.3 s on cpu: 1 encoder run, 9 decoder runs`. */
  summary(): string {
    const { total, encoderRuns, decoderRuns } = this.#timings();
    const work = `${counted(this.#masks.length, "mask")} of ${counted(this.#photos.length, "photo")}`;
    const runs = `${counted(encoderRuns, "encoder run")}, ${counted(decoderRuns, "decoder run")}`;
    return `${work} in ${duration(total)} on ${this.#device ?? "no device"}: ${runs}`;
  }

  toJSON(): object {
    return {
      masks: this.#masks,
      photos: this.#photos,
      timings: this.#timings(),
      device: this.#device ?? null,
      errors: this.#errors,
    };
  }

  /** Sums over the photos. */
  #timings(): Timings {
    const sum = (name: keyof Timings): number =>
      this.#photos.reduce((total, { timings }) => total + timings[name], 0);
    return {
      read: sum("read"),
      encode: sum("encode"),
      encoder: sum("encoder"),
      decode: sum("decode"),
      method: sum("method"),
      total: sum("total"),
      encoderRuns: sum("encoderRuns"),
      decoderRuns: sum("decoderRuns"),
    };
  }
}
