/** What a run did, for people as it happens and for programs at the end. */
import type { DatasetPlan, PhotoResult, RunProgress } from "../../sdk/mod.ts";
import type { Terminal } from "../terminal.ts";
import { counted, duration } from "../units.ts";
import { planJSON } from "./plan-lines.ts";

const verdicts = ["refined", "kept", "unchanged", "failed"] as const;
type Counts = Record<(typeof verdicts)[number], number>;

/** Collects and tells the outcome of `run`. */
export class RunOutcome {
  readonly #terminal: Terminal;
  readonly #plan: DatasetPlan;
  /** Kept only where they are printed at the end. */
  readonly #photos: PhotoResult[] | undefined;
  readonly #counts: Counts = { refined: 0, kept: 0, unchanged: 0, failed: 0 };
  readonly #started = performance.now();
  #done = 0;
  #known = 0;
  #failures = 0;

  constructor(terminal: Terminal, plan: DatasetPlan, json: boolean) {
    this.#terminal = terminal;
    this.#plan = plan;
    this.#photos = json ? [] : undefined;
  }

  /** Whether something could not be done. */
  get failed(): boolean {
    return this.#failures > 0;
  }

  /** Shows how far the run is. */
  readonly progress: (progress: RunProgress) => void = ({ photosDone, photosTotal }) => {
    this.#terminal.progress({ label: "refining", done: photosDone, total: photosTotal, unit: "photos" });
  };

  /** Nothing is done: tells what could not be. */
  planned(): void {
    const { works, refused } = this.#plan;
    for (const { error } of refused) this.#terminal.error(error.message);
    this.#failures += refused.length;
    if (works.length === 0 && refused.length === 0) {
      this.#terminal.error(`${this.#plan.root} holds nothing to refine: expected masks or annotation files`);
      this.#failures++;
    }
    this.#terminal.line(`${counted(works.length, "photo")}, ${refused.length} refused`);
    if (this.#photos !== undefined) this.#terminal.json(planJSON(this.#plan));
  }

  /** A photo is done, or a file refused. */
  add(photo: PhotoResult): void {
    const { key, status, regions, failures, notes, written, timings } = photo;
    this.#photos?.push(photo);
    for (const note of notes) this.#terminal.note(note);
    for (const { message } of failures) this.#terminal.error(message);
    this.#failures += failures.length;
    if (status === "known") this.#known++;
    if (status === "known" || regions.length === 0) return;
    this.#done++;
    for (const { verdict } of regions) this.#counts[verdict]++;
    const doubt = Math.max(...regions.map((region) => region.doubt));
    const time = timings.read + timings.encode + timings.refine + timings.write;
    const files = written.length === 0 ? "" : ` → ${counted(written.length, "file")}`;
    this.#terminal.line(`${key}: ${describe(regions)}, doubt ${doubt.toFixed(2)}, ${duration(time)}${files}`);
  }

  /** The last line. */
  summary(): void {
    const known = this.#known === 0 ? "" : `, ${this.#known} done before`;
    const failures = this.#failures === 0 ? "" : `, ${counted(this.#failures, "failure")}`;
    const regions = verdicts.map((verdict) => `${this.#counts[verdict]} ${verdict}`).join(", ");
    const time = duration(performance.now() - this.#started);
    this.#terminal.line(`${counted(this.#done, "photo")} in ${time}${known}: regions ${regions}${failures}`);
    this.#json();
  }

  /** What ended the run early. */
  stopped(error: unknown): void {
    this.#json(error instanceof Error ? error.message : String(error));
  }

  #json(error?: string): void {
    if (this.#photos === undefined) return;
    const { root, notes } = this.#plan;
    this.#terminal.json({
      ...{ root, notes, photos: this.#photos, regions: this.#counts },
      ...(error === undefined ? {} : { error }),
    });
  }
}

/** `2 refined, 1 kept`. */
function describe(regions: PhotoResult["regions"]): string {
  return verdicts
    .map((verdict) => ({ verdict, count: regions.filter((region) => region.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`)
    .join(", ");
}
