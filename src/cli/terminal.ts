/** What a command says, and where. */
import type { Io } from "./io.ts";
import { ProgressBar } from "./progress/bar.ts";
import { ProgressLines } from "./progress/lines.ts";
import type { Progress, ProgressView } from "./progress/progress.ts";

/** How much a command says. */
export interface Voice {
  /** Only errors. */
  readonly quiet?: boolean;
  /** One JSON object on stdout and nothing else there. */
  readonly json?: boolean;
}

/** Work of fewer pieces shows no progress lines. */
const FEWEST_PIECES = 10;

/** Results on stdout, everything else on stderr, and a progress display that steps aside for both. */
export class Terminal {
  readonly #io: Io;
  readonly #silent: boolean;
  readonly #view: ProgressView | undefined;
  readonly #notes: Set<string> = new Set();

  constructor(io: Io, { quiet = false, json = false }: Voice, fewestPieces: number = FEWEST_PIECES) {
    this.#io = io;
    this.#silent = quiet || json;
    this.#view = this.#silent ? undefined : progressView(io, fewestPieces);
  }

  /** A line of the result. */
  line(text: string): void {
    if (!this.#silent) this.#write("stdout", text);
  }

  /** The result for programs. */
  json(value: unknown): void {
    this.#write("stdout", JSON.stringify(value, undefined, 2));
  }

  /** Something the user should know, said once. */
  note(text: string): void {
    if (this.#silent || this.#notes.has(text)) return;
    this.#notes.add(text);
    this.#write("stderr", `note: ${text}`);
  }

  /** Something that went wrong, while other work goes on. */
  error(text: string): void {
    this.#write("stderr", `samrefiner: ${text}`);
  }

  progress(progress: Progress): void {
    this.#view?.show(progress);
  }

  /** Takes the progress display away. */
  clear(): void {
    this.#view?.hide();
  }

  #write(stream: "stdout" | "stderr", text: string): void {
    this.clear();
    this.#io[stream].write(`${text}\n`);
  }
}

function progressView({ stderr, env }: Io, fewest: number): ProgressView {
  const { TERM } = env;
  const drawable = stderr.isTTY === true && TERM !== "dumb";
  return drawable ? new ProgressBar(stderr) : new ProgressLines(stderr, fewest);
}
