/** What a cell shows, written in order. */
import * as vscode from "vscode";
import type { CellOutput } from "../../protocol/kernel.ts";
import { outputItems } from "./output-items.ts";

/** More text than this in one cell is left out: a notebook has to stay usable. */
const MOST_TEXT = 4_000_000;
/** How long text waits for more of it. */
const WAIT_MS = 50;

type Stream = Extract<CellOutput, { kind: "stream" }>;

/** Outputs by display id, of all cells. */
export type Displays = Map<
  string,
  { readonly cell: vscode.NotebookCell; readonly output: vscode.NotebookCellOutput }
>;

/** Writes to one cell while it is executed. */
export class CellWriter {
  readonly #execution: vscode.NotebookCellExecution;
  readonly #displays: Displays;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting: { name: Stream["name"]; text: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The output that text of the same kind is added to. */
  #stream: { readonly name: Stream["name"]; readonly output: vscode.NotebookCellOutput } | undefined;
  #length = 0;

  constructor(execution: vscode.NotebookCellExecution, displays: Displays) {
    this.#execution = execution;
    this.#displays = displays;
  }

  add(output: CellOutput): void {
    if (output.kind === "stream") this.#addText(output);
    else this.#addDisplay(output.data, output.displayId);
  }

  addError(error: Error): void {
    this.#append(new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.error(error)]));
  }

  /** Resolves once everything is written. */
  async end(): Promise<void> {
    this.#flush();
    await this.#tail;
  }

  #addText({ name, text }: Stream): void {
    if (this.#length > MOST_TEXT) return;
    this.#length += text.length;
    const isTooMuch = this.#length > MOST_TEXT;
    const shown = isTooMuch ? `${text.slice(0, 1000)}\n${vscode.l10n.t("More text is left out.")}\n` : text;
    if (this.#waiting?.name !== name) this.#flush();
    this.#waiting = { name, text: (this.#waiting?.text ?? "") + shown };
    this.#timer ??= setTimeout(() => this.#flush(), WAIT_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    const item = vscode.NotebookCellOutputItem[waiting.name](waiting.text);
    const { output } = this.#stream?.name === waiting.name ? this.#stream : {};
    if (output !== undefined) {
      this.#do(() => this.#execution.appendOutputItems(item, output));
      return;
    }
    const started = new vscode.NotebookCellOutput([item]);
    this.#append(started);
    this.#stream = { name: waiting.name, output: started };
  }

  #addDisplay(data: Extract<CellOutput, { kind: "display" }>["data"], displayId: string | undefined): void {
    const items = outputItems(data).map((item) => new vscode.NotebookCellOutputItem(item.data, item.mime));
    const shown = displayId === undefined ? undefined : this.#displays.get(displayId);
    if (shown?.cell === this.#execution.cell) {
      this.#do(() => this.#execution.replaceOutputItems(items, shown.output));
      return;
    }
    this.#flush();
    const output = new vscode.NotebookCellOutput(items, { outputType: "display_data" });
    if (displayId !== undefined) this.#displays.set(displayId, { cell: this.#execution.cell, output });
    this.#append(output);
  }

  #append(output: vscode.NotebookCellOutput): void {
    this.#flush();
    this.#stream = undefined;
    this.#do(() => this.#execution.appendOutput(output));
  }

  /** One after the other; a cell that was deleted meanwhile takes nothing. */
  #do(work: () => Thenable<void>): void {
    this.#tail = this.#tail.then(work).then(undefined, () => undefined);
  }
}
